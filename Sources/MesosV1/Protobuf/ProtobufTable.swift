// Part of mesosim. Apache-2.0, see LICENSE.
//
// The fields of the v1 scheduler API on the wire (mesos.proto and scheduler.proto of Mesos 1.11): a
// message after `@` with its fields, an enumeration after `#` with its words.

enum ProtobufTable {
  /// Calls and events.
  static let scheduler = """
    @Call framework_id=1:FrameworkID type=2:#Call.Type subscribe=3:Call.Subscribe
      accept=4:Call.Accept decline=5:Call.Decline kill=6:Call.Kill shutdown=7:Call.Shutdown
      acknowledge=8:Call.Acknowledge reconcile=9:Call.Reconcile message=10:Event.Message
      request=11:Call.Request accept_inverse_offers=13:Call.AnswerInverseOffers
      decline_inverse_offers=14:Call.AnswerInverseOffers revive=15:Call.Roles
      suppress=16:Call.Roles acknowledge_operation_status=17:Call.AcknowledgeOperationStatus
      reconcile_operations=18:Call.ReconcileOperations update_framework=19:Call.Subscribe
    @Call.Subscribe framework_info=1:FrameworkInfo suppressed_roles=2*:string
    @Call.Accept offer_ids=1*:OfferID operations=2*:Offer.Operation filters=3:Filters
    @Call.Decline offer_ids=1*:OfferID filters=2:Filters
    @Call.AnswerInverseOffers inverse_offer_ids=1*:OfferID filters=2:Filters
    @Call.Roles roles=1*:string
    @Call.Kill task_id=1:TaskID agent_id=2:AgentID kill_policy=3:KillPolicy
    @Call.Shutdown executor_id=1:ExecutorID agent_id=2:AgentID
    @Call.Acknowledge agent_id=1:AgentID task_id=2:TaskID uuid=3:bytes
    @Call.AcknowledgeOperationStatus agent_id=1:AgentID resource_provider_id=2:ResourceProviderID
      uuid=3:bytes operation_id=4:OperationID
    @Call.Reconcile tasks=1*:Call.Reconcile.Task
    @Call.Reconcile.Task task_id=1:TaskID agent_id=2:AgentID
    @Call.ReconcileOperations operations=1*:Call.ReconcileOperations.Operation
    @Call.ReconcileOperations.Operation operation_id=1:OperationID agent_id=2:AgentID
      resource_provider_id=3:ResourceProviderID
    @Call.Request requests=1*:Request
    @Event type=1:#Event.Type subscribed=2:Event.Subscribed offers=3:Event.Offers
      rescind=4:Event.Rescind update=5:Event.Update message=6:Event.Message
      failure=7:Event.Failure error=8:Event.Error inverse_offers=9:Event.InverseOffers
      rescind_inverse_offer=10:Event.RescindInverseOffer
      update_operation_status=11:Event.UpdateOperationStatus
    @Event.Subscribed framework_id=1:FrameworkID heartbeat_interval_seconds=2:double
      master_info=3:MasterInfo
    @Event.Offers offers=1*:Offer
    @Event.InverseOffers inverse_offers=1*:InverseOffer
    @Event.Rescind offer_id=1:OfferID
    @Event.RescindInverseOffer inverse_offer_id=1:OfferID
    @Event.Update status=1:TaskStatus
    @Event.UpdateOperationStatus status=1:OperationStatus
    @Event.Message agent_id=1:AgentID executor_id=2:ExecutorID data=3:bytes
    @Event.Failure agent_id=1:AgentID executor_id=2:ExecutorID status=3:int
    @Event.Error message=1:string
    #Call.Type UNKNOWN=0 SUBSCRIBE=1 TEARDOWN=2 ACCEPT=3 DECLINE=4 REVIVE=5 KILL=6 SHUTDOWN=7
      ACKNOWLEDGE=8 RECONCILE=9 MESSAGE=10 REQUEST=11 SUPPRESS=12 ACCEPT_INVERSE_OFFERS=13
      DECLINE_INVERSE_OFFERS=14 ACKNOWLEDGE_OPERATION_STATUS=15 RECONCILE_OPERATIONS=16
      UPDATE_FRAMEWORK=17
    #Event.Type UNKNOWN=0 SUBSCRIBED=1 OFFERS=2 RESCIND=3 UPDATE=4 MESSAGE=5 FAILURE=6 ERROR=7
      HEARTBEAT=8 INVERSE_OFFERS=9 RESCIND_INVERSE_OFFER=10 UPDATE_OPERATION_STATUS=11
    """

  /// Calls and events of executors (executor.proto).
  static let executor = """
    @Executor.Call executor_id=1:ExecutorID framework_id=2:FrameworkID
      type=3:#Executor.Call.Type subscribe=4:Executor.Call.Subscribe update=5:Executor.Call.Update
      message=6:Executor.Message
    @Executor.Call.Subscribe unacknowledged_tasks=1*:TaskInfo
      unacknowledged_updates=2*:Executor.Call.Update
    @Executor.Call.Update status=1:TaskStatus
    @Executor.Message data=1:bytes
    @Executor.Event type=1:#Executor.Event.Type subscribed=2:Executor.Event.Subscribed
      acknowledged=3:Executor.Event.Acknowledged launch=4:Executor.Event.Launch
      kill=5:Executor.Event.Kill message=6:Executor.Message error=7:Event.Error
      launch_group=8:Executor.Event.LaunchGroup
    @Executor.Event.Subscribed executor_info=1:ExecutorInfo framework_info=2:FrameworkInfo
      agent_info=3:AgentInfo container_id=4:ContainerID
    @Executor.Event.Acknowledged task_id=1:TaskID uuid=2:bytes
    @Executor.Event.Launch task=1:TaskInfo
    @Executor.Event.LaunchGroup task_group=1:TaskGroupInfo
    @Executor.Event.Kill task_id=1:TaskID kill_policy=2:KillPolicy
    @AgentInfo hostname=1:string resources=3*:Resource attributes=5*:Attribute id=6:AgentID
      port=8:int domain=10:DomainInfo
    #Executor.Call.Type UNKNOWN=0 SUBSCRIBE=1 UPDATE=2 MESSAGE=3 HEARTBEAT=4
    #Executor.Event.Type UNKNOWN=0 SUBSCRIBED=1 LAUNCH=2 KILL=3 ACKNOWLEDGED=4 MESSAGE=5
      SHUTDOWN=6 ERROR=7 LAUNCH_GROUP=8 HEARTBEAT=9
    """

  /// What they are made of.
  static let messages = """
    @FrameworkInfo user=1:string name=2:string id=3:FrameworkID failover_timeout=4:double
      checkpoint=5:bool role=6:string hostname=7:string principal=8:string webui_url=9:string
      capabilities=10*:FrameworkInfo.Capability labels=11:Labels roles=12*:string
      offer_filters=13:%OfferFilters
    @FrameworkID value=1:string
    @FrameworkInfo.Capability type=1:#FrameworkInfo.Capability.Type
    @Labels labels=1*:Label
    @Label key=1:string value=2:string
    @OfferFilters min_allocatable_resources=1:OfferFilters.MinAllocatableResources
    @OfferFilters.MinAllocatableResources quantities=1*:OfferFilters.ResourceQuantities
    @OfferFilters.ResourceQuantities quantities=1:%Value.Scalar
    @Value.Scalar value=1:double
    @Offer id=1:OfferID framework_id=2:FrameworkID agent_id=3:AgentID hostname=4:string
      resources=5*:Resource executor_ids=6*:ExecutorID attributes=7*:Attribute url=8:URL
      unavailability=9:Unavailability allocation_info=10:Resource.AllocationInfo
      domain=11:DomainInfo
    @OfferID value=1:string
    @AgentID value=1:string
    @Resource name=1:string type=2:#Value.Type scalar=3:Value.Scalar ranges=4:Value.Ranges
      set=5:Value.Set role=6:string disk=7:Resource.DiskInfo
      reservation=8:Resource.ReservationInfo revocable=9:Resource.RevocableInfo
      shared=10:Resource.SharedInfo allocation_info=11:Resource.AllocationInfo
      provider_id=12:ResourceProviderID reservations=13*:Resource.ReservationInfo
    @Value.Ranges range=1*:Value.Range
    @Value.Range begin=1:uint end=2:uint
    @Value.Set item=1*:string
    @Resource.DiskInfo persistence=1:Resource.DiskInfo.Persistence volume=2:Volume
      source=3:Resource.DiskInfo.Source
    @Resource.DiskInfo.Persistence id=1:string principal=2:string
    @Volume container_path=1:string host_path=2:string mode=3:#Volume.Mode image=4:Image
      source=5:Volume.Source
    @Image type=1:#Image.Type appc=2:Image.Appc docker=3:Image.Docker cached=4:bool
    @Image.Appc name=1:string id=2:string labels=3:Labels
    @Image.Docker name=1:string credential=2:Credential config=3:Secret
    @Credential principal=1:string secret=2:string
    @Secret type=1:#Secret.Type reference=2:Secret.Reference value=3:Secret.Value
    @Secret.Reference name=1:string key=2:string
    @Secret.Value data=1:bytes
    @Volume.Source type=1:#Volume.Source.Type docker_volume=2:Volume.Source.DockerVolume
      sandbox_path=3:Volume.Source.SandboxPath secret=4:Secret host_path=5:Volume.Source.HostPath
    @Volume.Source.DockerVolume driver=1:string name=2:string driver_options=3:Parameters
    @Parameters parameter=1*:Parameter
    @Parameter key=1:string value=2:string
    @Volume.Source.SandboxPath type=1:#Volume.Source.SandboxPath.Type path=2:string
    @Volume.Source.HostPath path=1:string mount_propagation=2:MountPropagation
    @MountPropagation mode=1:#MountPropagation.Mode
    @Resource.DiskInfo.Source type=1:#Resource.DiskInfo.Source.Type
      path=2:Resource.DiskInfo.Source.Path mount=3:Resource.DiskInfo.Source.Mount id=4:string
      metadata=5:Labels profile=6:string vendor=7:string
    @Resource.DiskInfo.Source.Path root=1:string
    @Resource.DiskInfo.Source.Mount root=1:string
    @Resource.ReservationInfo principal=1:string labels=2:Labels role=3:string
      type=4:#Resource.ReservationInfo.Type
    @Resource.RevocableInfo
    @Resource.SharedInfo
    @Resource.AllocationInfo role=1:string
    @ResourceProviderID value=1:string
    @ExecutorID value=1:string
    @Attribute name=1:string type=2:#Value.Type scalar=3:Value.Scalar ranges=4:Value.Ranges
      text=5:Value.Text set=6:Value.Set
    @Value.Text value=1:string
    @URL scheme=1:string address=2:Address path=3:string query=4*:Parameter fragment=5:string
    @Address hostname=1:string ip=2:string port=3:int
    @Unavailability start=1:TimeInfo duration=2:DurationInfo
    @TimeInfo nanoseconds=1:int
    @DurationInfo nanoseconds=1:int
    @DomainInfo fault_domain=1:DomainInfo.FaultDomain
    @DomainInfo.FaultDomain region=1:DomainInfo.FaultDomain.RegionInfo
      zone=2:DomainInfo.FaultDomain.ZoneInfo
    @DomainInfo.FaultDomain.RegionInfo name=1:string
    @DomainInfo.FaultDomain.ZoneInfo name=1:string
    @InverseOffer id=1:OfferID url=2:URL framework_id=3:FrameworkID agent_id=4:AgentID
      unavailability=5:Unavailability resources=6*:Resource
    @TaskStatus task_id=1:TaskID state=2:#TaskState data=3:bytes message=4:string
      agent_id=5:AgentID timestamp=6:double executor_id=7:ExecutorID healthy=8:bool
      source=9:#TaskStatus.Source reason=10:#TaskStatus.Reason uuid=11:bytes labels=12:Labels
      container_status=13:ContainerStatus unreachable_time=14:TimeInfo
      check_status=15:CheckStatusInfo limitation=16:TaskResourceLimitation
    @TaskID value=1:string
    @ContainerStatus network_infos=1*:NetworkInfo cgroup_info=2:CgroupInfo executor_pid=3:uint
      container_id=4:ContainerID
    @NetworkInfo groups=3*:string labels=4:Labels ip_addresses=5*:NetworkInfo.IPAddress
      name=6:string port_mappings=7*:NetworkInfo.PortMapping
    @NetworkInfo.IPAddress protocol=1:#NetworkInfo.Protocol ip_address=2:string
    @NetworkInfo.PortMapping host_port=1:uint container_port=2:uint protocol=3:string
    @CgroupInfo net_cls=1:CgroupInfo.NetCls
    @CgroupInfo.NetCls classid=1:uint
    @ContainerID value=1:string parent=2:ContainerID
    @CheckStatusInfo type=1:#CheckInfo.Type command=2:CheckStatusInfo.Command
      http=3:CheckStatusInfo.Http tcp=4:CheckStatusInfo.Tcp
    @CheckStatusInfo.Command exit_code=1:int
    @CheckStatusInfo.Http status_code=1:uint
    @CheckStatusInfo.Tcp succeeded=1:bool
    @TaskResourceLimitation resources=1*:Resource
    @MasterInfo id=1:string ip=2:uint port=3:uint pid=4:string hostname=5:string version=6:string
      address=7:Address domain=8:DomainInfo capabilities=9*:MasterInfo.Capability
    @MasterInfo.Capability type=1:#MasterInfo.Capability.Type
    @Filters refuse_seconds=1:double
    @KillPolicy grace_period=1:DurationInfo
    @Request agent_id=1:AgentID resources=2*:Resource
    @OperationStatus operation_id=1:OperationID state=2:#OperationState message=3:string
      converted_resources=4*:Resource uuid=5:UUID agent_id=6:AgentID
      resource_provider_id=7:ResourceProviderID
    @OperationID value=1:string
    @UUID value=1:bytes
    @Offer.Operation type=1:#Offer.Operation.Type launch=2:Offer.Operation.Launch
      reserve=3:Offer.Operation.Reserve unreserve=4:Offer.Operation.Unreserve
      create=5:Offer.Operation.Create destroy=6:Offer.Operation.Destroy
      launch_group=7:Offer.Operation.LaunchGroup id=12:OperationID
      grow_volume=13:Offer.Operation.GrowVolume shrink_volume=14:Offer.Operation.ShrinkVolume
    @Offer.Operation.Launch task_infos=1*:TaskInfo
    @TaskInfo name=1:string task_id=2:TaskID agent_id=3:AgentID resources=4*:Resource
      executor=5:ExecutorInfo data=6:bytes command=7:CommandInfo health_check=8:HealthCheck
      container=9:ContainerInfo labels=10:Labels discovery=11:DiscoveryInfo
      kill_policy=12:KillPolicy check=13:CheckInfo max_completion_time=14:DurationInfo
      limits=15:%Value.Scalar
    @ExecutorInfo executor_id=1:ExecutorID data=4:bytes resources=5*:Resource
      command=7:CommandInfo framework_id=8:FrameworkID name=9:string source=10:string
      container=11:ContainerInfo discovery=12:DiscoveryInfo shutdown_grace_period=13:DurationInfo
      labels=14:Labels type=15:#ExecutorInfo.Type
    @CommandInfo uris=1*:CommandInfo.URI environment=2:Environment value=3:string user=5:string
      shell=6:bool arguments=7*:string
    @CommandInfo.URI value=1:string executable=2:bool extract=3:bool cache=4:bool
      output_file=5:string
    @Environment variables=1*:Environment.Variable
    @Environment.Variable name=1:string value=2:string type=3:#Environment.Variable.Type
      secret=4:Secret
    @ContainerInfo type=1:#ContainerInfo.Type volumes=2*:Volume docker=3:ContainerInfo.DockerInfo
      hostname=4:string mesos=5:ContainerInfo.MesosInfo network_infos=7*:NetworkInfo
      linux_info=8:LinuxInfo rlimit_info=9:RLimitInfo tty_info=10:TTYInfo
    @ContainerInfo.DockerInfo image=1:string network=2:#ContainerInfo.DockerInfo.Network
      port_mappings=3*:ContainerInfo.DockerInfo.PortMapping privileged=4:bool
      parameters=5*:Parameter force_pull_image=6:bool volume_driver=7:string
    @ContainerInfo.DockerInfo.PortMapping host_port=1:uint container_port=2:uint protocol=3:string
    @ContainerInfo.MesosInfo image=1:Image
    @LinuxInfo capability_info=1:CapabilityInfo bounding_capabilities=2:CapabilityInfo
      effective_capabilities=3:CapabilityInfo share_pid_namespace=4:bool seccomp=5:SeccompInfo
      ipc_mode=6:#LinuxInfo.IpcMode shm_size=7:uint share_cgroups=8:bool
    @CapabilityInfo capabilities=1*:#CapabilityInfo.Capability
    @SeccompInfo profile_name=1:string unconfined=2:bool
    @RLimitInfo rlimits=1*:RLimitInfo.RLimit
    @RLimitInfo.RLimit type=1:#RLimitInfo.RLimit.Type hard=2:uint soft=3:uint
    @TTYInfo window_size=1:TTYInfo.WindowSize
    @TTYInfo.WindowSize rows=1:uint columns=2:uint
    @DiscoveryInfo visibility=1:#DiscoveryInfo.Visibility name=2:string environment=3:string
      location=4:string version=5:string ports=6:Ports labels=7:Labels
    @Ports ports=1*:Port
    @Port number=1:uint name=2:string protocol=3:string visibility=4:#DiscoveryInfo.Visibility
      labels=5:Labels
    @HealthCheck http=1:HealthCheck.HTTPCheckInfo delay_seconds=2:double interval_seconds=3:double
      timeout_seconds=4:double consecutive_failures=5:uint grace_period_seconds=6:double
      command=7:CommandInfo type=8:#HealthCheck.Type tcp=9:HealthCheck.TCPCheckInfo
    @HealthCheck.HTTPCheckInfo port=1:uint path=2:string scheme=3:string statuses=4*:uint
      protocol=5:#NetworkInfo.Protocol
    @HealthCheck.TCPCheckInfo port=1:uint protocol=2:#NetworkInfo.Protocol
    @CheckInfo type=1:#CheckInfo.Type command=2:CheckInfo.Command http=3:CheckInfo.Http
      delay_seconds=4:double interval_seconds=5:double timeout_seconds=6:double
      tcp=7:CheckInfo.Tcp
    @CheckInfo.Command command=1:CommandInfo
    @CheckInfo.Http port=1:uint path=2:string
    @CheckInfo.Tcp port=1:uint
    @Offer.Operation.Reserve resources=1*:Resource source=2*:Resource
    @Offer.Operation.Unreserve resources=1*:Resource
    @Offer.Operation.Create volumes=1*:Resource
    @Offer.Operation.Destroy volumes=1*:Resource
    @Offer.Operation.LaunchGroup executor=1:ExecutorInfo task_group=2:TaskGroupInfo
    @TaskGroupInfo tasks=1*:TaskInfo
    @Offer.Operation.GrowVolume volume=1:Resource addition=2:Resource
    @Offer.Operation.ShrinkVolume volume=1:Resource subtract=2:Value.Scalar
    #FrameworkInfo.Capability.Type UNKNOWN=0 REVOCABLE_RESOURCES=1 TASK_KILLING_STATE=2
      GPU_RESOURCES=3 SHARED_RESOURCES=4 PARTITION_AWARE=5 MULTI_ROLE=6 RESERVATION_REFINEMENT=7
      REGION_AWARE=8
    #Value.Type SCALAR=0 RANGES=1 SET=2 TEXT=3
    #Volume.Mode RW=1 RO=2
    #Image.Type APPC=1 DOCKER=2
    #Secret.Type UNKNOWN=0 REFERENCE=1 VALUE=2
    #Volume.Source.Type UNKNOWN=0 DOCKER_VOLUME=1 HOST_PATH=4 SANDBOX_PATH=2 SECRET=3 CSI_VOLUME=5
    #Volume.Source.SandboxPath.Type UNKNOWN=0 SELF=1 PARENT=2
    #MountPropagation.Mode UNKNOWN=0 HOST_TO_CONTAINER=1 BIDIRECTIONAL=2
    #Resource.DiskInfo.Source.Type UNKNOWN=0 PATH=1 MOUNT=2 BLOCK=3 RAW=4
    #Resource.ReservationInfo.Type UNKNOWN=0 STATIC=1 DYNAMIC=2
    #TaskState TASK_STAGING=6 TASK_STARTING=0 TASK_RUNNING=1 TASK_KILLING=8 TASK_FINISHED=2
      TASK_FAILED=3 TASK_KILLED=4 TASK_ERROR=7 TASK_LOST=5 TASK_DROPPED=9 TASK_UNREACHABLE=10
      TASK_GONE=11 TASK_GONE_BY_OPERATOR=12 TASK_UNKNOWN=13
    #TaskStatus.Source SOURCE_MASTER=0 SOURCE_AGENT=1 SOURCE_EXECUTOR=2
    #TaskStatus.Reason REASON_COMMAND_EXECUTOR_FAILED=0 REASON_CONTAINER_LAUNCH_FAILED=21
      REASON_CONTAINER_LIMITATION=19 REASON_CONTAINER_LIMITATION_DISK=20
      REASON_CONTAINER_LIMITATION_MEMORY=8 REASON_CONTAINER_PREEMPTED=17
      REASON_CONTAINER_UPDATE_FAILED=22 REASON_MAX_COMPLETION_TIME_REACHED=33
      REASON_EXECUTOR_REGISTRATION_TIMEOUT=23 REASON_EXECUTOR_REREGISTRATION_TIMEOUT=24
      REASON_EXECUTOR_TERMINATED=1 REASON_EXECUTOR_UNREGISTERED=2 REASON_FRAMEWORK_REMOVED=3
      REASON_GC_ERROR=4 REASON_INVALID_FRAMEWORKID=5 REASON_INVALID_OFFERS=6
      REASON_IO_SWITCHBOARD_EXITED=27 REASON_MASTER_DISCONNECTED=7 REASON_RECONCILIATION=9
      REASON_RESOURCES_UNKNOWN=18 REASON_AGENT_DISCONNECTED=10 REASON_AGENT_DRAINING=34
      REASON_AGENT_REMOVED=11 REASON_AGENT_REMOVED_BY_OPERATOR=31 REASON_AGENT_REREGISTERED=32
      REASON_AGENT_RESTARTED=12 REASON_AGENT_UNKNOWN=13 REASON_TASK_KILLED_DURING_LAUNCH=30
      REASON_TASK_CHECK_STATUS_UPDATED=28 REASON_TASK_HEALTH_CHECK_STATUS_UPDATED=29
      REASON_TASK_GROUP_INVALID=25 REASON_TASK_GROUP_UNAUTHORIZED=26 REASON_TASK_INVALID=14
      REASON_TASK_UNAUTHORIZED=15 REASON_TASK_UNKNOWN=16
    #NetworkInfo.Protocol IPv4=1 IPv6=2
    #CheckInfo.Type UNKNOWN=0 COMMAND=1 HTTP=2 TCP=3
    #MasterInfo.Capability.Type UNKNOWN=0 AGENT_UPDATE=1 AGENT_DRAINING=2 QUOTA_V2=3
    #OperationState OPERATION_UNSUPPORTED=0 OPERATION_PENDING=1 OPERATION_FINISHED=2
      OPERATION_FAILED=3 OPERATION_ERROR=4 OPERATION_DROPPED=5 OPERATION_UNREACHABLE=6
      OPERATION_GONE_BY_OPERATOR=7 OPERATION_RECOVERING=8 OPERATION_UNKNOWN=9
    #Offer.Operation.Type UNKNOWN=0 LAUNCH=1 LAUNCH_GROUP=6 RESERVE=2 UNRESERVE=3 CREATE=4
      DESTROY=5 GROW_VOLUME=11 SHRINK_VOLUME=12 CREATE_DISK=13 DESTROY_DISK=14
    #Environment.Variable.Type UNKNOWN=0 VALUE=1 SECRET=2
    #ContainerInfo.Type DOCKER=1 MESOS=2
    #ContainerInfo.DockerInfo.Network HOST=1 BRIDGE=2 NONE=3 USER=4
    #CapabilityInfo.Capability UNKNOWN=0 CHOWN=1000 DAC_OVERRIDE=1001 DAC_READ_SEARCH=1002
      FOWNER=1003 FSETID=1004 KILL=1005 SETGID=1006 SETUID=1007 SETPCAP=1008 LINUX_IMMUTABLE=1009
      NET_BIND_SERVICE=1010 NET_BROADCAST=1011 NET_ADMIN=1012 NET_RAW=1013 IPC_LOCK=1014
      IPC_OWNER=1015 SYS_MODULE=1016 SYS_RAWIO=1017 SYS_CHROOT=1018 SYS_PTRACE=1019 SYS_PACCT=1020
      SYS_ADMIN=1021 SYS_BOOT=1022 SYS_NICE=1023 SYS_RESOURCE=1024 SYS_TIME=1025
      SYS_TTY_CONFIG=1026 MKNOD=1027 LEASE=1028 AUDIT_WRITE=1029 AUDIT_CONTROL=1030 SETFCAP=1031
      MAC_OVERRIDE=1032 MAC_ADMIN=1033 SYSLOG=1034 WAKE_ALARM=1035 BLOCK_SUSPEND=1036
      AUDIT_READ=1037
    #LinuxInfo.IpcMode UNKNOWN=0 PRIVATE=1 SHARE_PARENT=2
    #RLimitInfo.RLimit.Type UNKNOWN=0 RLMT_AS=1 RLMT_CORE=2 RLMT_CPU=3 RLMT_DATA=4 RLMT_FSIZE=5
      RLMT_LOCKS=6 RLMT_MEMLOCK=7 RLMT_MSGQUEUE=8 RLMT_NICE=9 RLMT_NOFILE=10 RLMT_NPROC=11
      RLMT_RSS=12 RLMT_RTPRIO=13 RLMT_RTTIME=14 RLMT_SIGPENDING=15 RLMT_STACK=16
    #DiscoveryInfo.Visibility FRAMEWORK=0 CLUSTER=1 EXTERNAL=2
    #ExecutorInfo.Type UNKNOWN=0 DEFAULT=1 CUSTOM=2
    #HealthCheck.Type UNKNOWN=0 COMMAND=1 HTTP=2 TCP=3
    """
}
