// Part of mesosim. Apache-2.0, see LICENSE.
//
// The fields of the v1 operator APIs of masters and slaves on the wire (master.proto, agent.proto,
// quota.proto and maintenance.proto of Mesos).

extension ProtobufTable {
  /// Calls to masters, what they answer, and their events.
  static let master = """
    @Master.Call type=1:#Master.Call.Type get_metrics=2:GetMetrics
      set_logging_level=3:SetLoggingLevel list_files=4:ListFiles read_file=5:ReadFile
      update_weights=6:WeightInfos reserve_resources=7:OnAgent.Resources
      unreserve_resources=8:OnAgent.Resources create_volumes=9:OnAgent.Volumes
      destroy_volumes=10:OnAgent.Volumes update_maintenance_schedule=11:OfSchedule
      start_maintenance=12:Machines stop_maintenance=13:Machines set_quota=14:SetQuota
      remove_quota=15:RemoveQuota
    @SetLoggingLevel level=1:uint duration=2:DurationInfo
    @GetMetrics timeout=1:DurationInfo
    @ListFiles path=1:string
    @ReadFile path=1:string offset=2:uint length=3:uint
    @WeightInfos weight_infos=1*:WeightInfo
    @WeightInfo weight=1:double role=2:string
    @OnAgent.Resources agent_id=1:AgentID resources=2*:Resource
    @OnAgent.Volumes agent_id=1:AgentID volumes=2*:Resource
    @OfSchedule schedule=1:Schedule
    @Schedule windows=1*:Window
    @Window machine_ids=1*:MachineID unavailability=2:Unavailability
    @Machines machines=1*:MachineID
    @MachineID hostname=1:string ip=2:string
    @SetQuota quota_request=1:QuotaRequest
    @QuotaRequest force=1:bool role=2:string guarantee=3*:Resource
    @RemoveQuota role=1:string
    @Master.Response type=1:#Master.Response.Type get_health=2:GetHealth get_flags=3:GetFlags
      get_version=4:GetVersion get_metrics=5:Metrics get_logging_level=6:GetLoggingLevel
      list_files=7:FileInfos read_file=8:FileData get_state=9:Master.GetState
      get_agents=10:GetAgents get_frameworks=11:Master.GetFrameworks
      get_executors=12:Master.GetExecutors get_tasks=13:Master.GetTasks get_roles=14:GetRoles
      get_weights=15:WeightInfos get_master=16:GetMaster
      get_maintenance_status=17:OfClusterStatus get_maintenance_schedule=18:OfSchedule
      get_quota=19:OfQuotaStatus
    @Master.GetState get_tasks=1:Master.GetTasks get_executors=2:Master.GetExecutors
      get_frameworks=3:Master.GetFrameworks get_agents=4:GetAgents
    @GetAgents agents=1*:GetAgents.Agent recovered_agents=2*:AgentInfo
    @GetAgents.Agent agent_info=1:AgentInfo active=2:bool version=3:string pid=4:string
      registered_time=5:TimeInfo reregistered_time=6:TimeInfo total_resources=7*:Resource
      allocated_resources=8*:Resource offered_resources=9*:Resource
    @Master.GetFrameworks frameworks=1*:Master.Framework completed_frameworks=2*:Master.Framework
    @Master.Framework framework_info=1:FrameworkInfo active=2:bool connected=3:bool
      registered_time=4:TimeInfo reregistered_time=5:TimeInfo unregistered_time=6:TimeInfo
      offers=7*:Offer inverse_offers=8*:InverseOffer allocated_resources=9*:Resource
      offered_resources=10*:Resource recovered=11:bool
    @Master.GetExecutors executors=1*:Master.Executor
    @Master.Executor executor_info=1:ExecutorInfo agent_id=2:AgentID
    @Master.GetTasks tasks=2*:Task completed_tasks=3*:Task unreachable_tasks=5*:Task
    @GetRoles roles=1*:Role
    @Role name=1:string weight=2:double frameworks=3*:FrameworkID resources=4*:Resource
    @GetMaster master_info=1:MasterInfo start_time=2:double elected_time=3:double
    @OfClusterStatus status=1:ClusterStatus
    @ClusterStatus draining_machines=1*:DrainingMachine down_machines=2*:MachineID
    @DrainingMachine id=1:MachineID
    @OfQuotaStatus status=1:QuotaStatus
    @QuotaStatus infos=1*:QuotaInfo configs=2*:QuotaConfig
    @QuotaInfo role=1:string principal=2:string guarantee=3*:Resource
    @QuotaConfig role=1:string guarantees=2:%Value.Scalar limits=3:%Value.Scalar
    @Master.Event type=1:#Master.Event.Type subscribed=2:Master.Event.Subscribed
      task_added=3:Master.Event.TaskAdded task_updated=4:Master.Event.TaskUpdated
      agent_added=5:Master.Event.AgentAdded agent_removed=6:Master.Event.AgentRemoved
      framework_added=7:Master.Event.Framework framework_updated=8:Master.Event.Framework
      framework_removed=9:Master.Event.FrameworkRemoved
    @Master.Event.Subscribed get_state=1:Master.GetState heartbeat_interval_seconds=2:double
    @Master.Event.TaskAdded task=1:Task
    @Master.Event.TaskUpdated framework_id=1:FrameworkID status=2:TaskStatus state=3:#TaskState
    @Master.Event.AgentAdded agent=1:GetAgents.Agent
    @Master.Event.AgentRemoved agent_id=1:AgentID
    @Master.Event.Framework framework=1:Master.Framework
    @Master.Event.FrameworkRemoved framework_info=1:FrameworkInfo
    #Master.Call.Type UNKNOWN=0 GET_HEALTH=1 GET_FLAGS=2 GET_VERSION=3 GET_METRICS=4
      GET_LOGGING_LEVEL=5 SET_LOGGING_LEVEL=6 LIST_FILES=7 READ_FILE=8 GET_STATE=9 GET_AGENTS=10
      GET_FRAMEWORKS=11 GET_EXECUTORS=12 GET_TASKS=13 GET_ROLES=14 GET_WEIGHTS=15
      UPDATE_WEIGHTS=16 GET_MASTER=17 SUBSCRIBE=18 RESERVE_RESOURCES=19 UNRESERVE_RESOURCES=20
      CREATE_VOLUMES=21 DESTROY_VOLUMES=22 GET_MAINTENANCE_STATUS=23 GET_MAINTENANCE_SCHEDULE=24
      UPDATE_MAINTENANCE_SCHEDULE=25 START_MAINTENANCE=26 STOP_MAINTENANCE=27 GET_QUOTA=28
      SET_QUOTA=29 REMOVE_QUOTA=30
    #Master.Response.Type UNKNOWN=0 GET_HEALTH=1 GET_FLAGS=2 GET_VERSION=3 GET_METRICS=4
      GET_LOGGING_LEVEL=5 LIST_FILES=6 READ_FILE=7 GET_STATE=8 GET_AGENTS=9 GET_FRAMEWORKS=10
      GET_EXECUTORS=11 GET_TASKS=12 GET_ROLES=13 GET_WEIGHTS=14 GET_MASTER=15
      GET_MAINTENANCE_STATUS=16 GET_MAINTENANCE_SCHEDULE=17 GET_QUOTA=18
    #Master.Event.Type UNKNOWN=0 SUBSCRIBED=1 TASK_ADDED=2 TASK_UPDATED=3 AGENT_ADDED=4
      AGENT_REMOVED=5 FRAMEWORK_ADDED=6 FRAMEWORK_UPDATED=7 FRAMEWORK_REMOVED=8 HEARTBEAT=9
    """

  /// Calls to slaves, and what they answer.
  static let slave = """
    @Agent.Call type=1:#Agent.Call.Type get_metrics=2:GetMetrics
      set_logging_level=3:SetLoggingLevel list_files=4:ListFiles read_file=5:ReadFile
    @Agent.Response type=1:#Agent.Response.Type get_health=2:GetHealth get_flags=3:GetFlags
      get_version=4:GetVersion get_metrics=5:Metrics get_logging_level=6:GetLoggingLevel
      list_files=7:FileInfos read_file=8:FileData get_state=9:Agent.GetState
      get_containers=10:GetContainers get_frameworks=11:Agent.GetFrameworks
      get_executors=12:Agent.GetExecutors get_tasks=13:Agent.GetTasks get_agent=15:GetAgent
    @Agent.GetState get_tasks=1:Agent.GetTasks get_executors=2:Agent.GetExecutors
      get_frameworks=3:Agent.GetFrameworks
    @GetContainers containers=1*:GetContainers.Container
    @GetContainers.Container framework_id=1:FrameworkID executor_id=2:ExecutorID
      executor_name=3:string container_id=4:ContainerID container_status=5:ContainerStatus
      resource_statistics=6:ResourceStatistics
    @ResourceStatistics timestamp=1:double cpus_user_time_secs=2:double
      cpus_system_time_secs=3:double cpus_limit=4:double mem_rss_bytes=5:uint
      mem_limit_bytes=6:uint disk_limit_bytes=26:uint disk_used_bytes=27:uint
      mem_total_bytes=36:uint
    @Agent.GetFrameworks frameworks=1*:Agent.Framework completed_frameworks=2*:Agent.Framework
    @Agent.Framework framework_info=1:FrameworkInfo
    @Agent.GetExecutors executors=1*:Agent.Executor completed_executors=2*:Agent.Executor
    @Agent.Executor executor_info=1:ExecutorInfo
    @Agent.GetTasks pending_tasks=1*:Task queued_tasks=2*:Task launched_tasks=3*:Task
      terminated_tasks=4*:Task completed_tasks=5*:Task
    @GetAgent agent_info=1:AgentInfo
    @GetHealth healthy=1:bool
    @GetFlags flags=1*:Flag
    @Flag name=1:string value=2:string
    @GetVersion version_info=1:VersionInfo
    @VersionInfo version=1:string build_date=2:string build_time=3:double build_user=4:string
      git_sha=5:string git_branch=6:string git_tag=7:string
    @Metrics metrics=1*:Metric
    @Metric name=1:string value=2:double
    @GetLoggingLevel level=1:uint
    @FileInfos file_infos=1*:FileInfo
    @FileInfo path=1:string nlink=2:int size=3:uint mtime=4:TimeInfo mode=5:uint uid=6:string
      gid=7:string
    @FileData size=1:uint data=2:bytes
    @Task name=1:string task_id=2:TaskID framework_id=3:FrameworkID executor_id=4:ExecutorID
      agent_id=5:AgentID state=6:#TaskState resources=7*:Resource statuses=8*:TaskStatus
      status_update_state=9:#TaskState status_update_uuid=10:bytes labels=11:Labels
      discovery=12:DiscoveryInfo container=13:ContainerInfo user=14:string
      health_check=15:HealthCheck kill_policy=16:KillPolicy
    #Agent.Call.Type UNKNOWN=0 GET_HEALTH=1 GET_FLAGS=2 GET_VERSION=3 GET_METRICS=4
      GET_LOGGING_LEVEL=5 SET_LOGGING_LEVEL=6 LIST_FILES=7 READ_FILE=8 GET_STATE=9
      GET_CONTAINERS=10 GET_FRAMEWORKS=11 GET_EXECUTORS=12 GET_TASKS=13 GET_AGENT=20
    #Agent.Response.Type UNKNOWN=0 GET_HEALTH=1 GET_FLAGS=2 GET_VERSION=3 GET_METRICS=4
      GET_LOGGING_LEVEL=5 LIST_FILES=6 READ_FILE=7 GET_STATE=8 GET_CONTAINERS=9
      GET_FRAMEWORKS=10 GET_EXECUTORS=11 GET_TASKS=12 GET_AGENT=14
    """
}
