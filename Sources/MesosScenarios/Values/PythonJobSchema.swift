// Part of mesosim. Apache-2.0, see LICENSE.
//
// Aurora's job files are programs in Python. This is what such a program finds around it: the
// words of Aurora's client (`apache.aurora.config.schema`, `apache.thermos.config.schema`) on
// top of `pystachio`, a limit to what it may do, and the way back as canonical JSON.

enum PythonJobSchema {
  /// What `python3 -I -c` is given; its argument is the job file.
  ///
  /// Writes JSON to stdout. When the file is no good it exits with 3 and writes one line to stderr:
  /// the line in the file or `-`, a tab, and why.
  static let program = #"""
    import json, os, resource, signal, sys, traceback

    # Nothing is written, and nothing goes on for ever.
    signal.alarm(10)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    path = sys.argv[1]


    def refuse(line, message):
        sys.stderr.write("%s\t%s\n" % (line, message.replace("\n", " ")))
        sys.stderr.flush()
        os._exit(3)


    try:
        from pystachio import *
    except ImportError:
        refuse("-", "pystachio")


    class Process(Struct):
        cmdline = Required(String)
        name = Required(String)
        max_failures = Default(Integer, 1)
        daemon = Default(Boolean, False)
        ephemeral = Default(Boolean, False)
        min_duration = Default(Integer, 5)
        final = Default(Boolean, False)
        logger = Map(String, String)


    class Resources(Struct):
        cpu = Required(Float)
        ram = Required(Integer)
        disk = Required(Integer)
        gpu = Default(Integer, 0)


    class Constraint(Struct):
        order = List(String)


    class Task(Struct):
        name = Default(String, "{{processes[0].name}}")
        processes = Required(List(Process))
        constraints = Default(List(Constraint), [])
        resources = Resources
        max_failures = Default(Integer, 1)
        max_concurrency = Default(Integer, 0)
        finalization_wait = Default(Integer, 30)
        user = String


    class QueueUpdateStrategy(Struct):
        batch_size = Default(Integer, 1)


    class BatchUpdateStrategy(Struct):
        batch_size = Default(Integer, 1)
        autopause_after_batch = Default(Boolean, False)


    class VariableBatchUpdateStrategy(Struct):
        batch_sizes = Required(List(Integer))
        autopause_after_batch = Default(Boolean, False)


    class UpdateConfig(Struct):
        batch_size = Default(Integer, 1)
        watch_secs = Default(Integer, 45)
        max_per_shard_failures = Default(Integer, 0)
        max_total_failures = Default(Integer, 0)
        rollback_on_failure = Default(Boolean, True)
        wait_for_batch_completion = Default(Boolean, False)
        pulse_interval_secs = Integer
        sla_aware = Default(Boolean, False)
        update_strategy = Choice(
            [QueueUpdateStrategy, BatchUpdateStrategy, VariableBatchUpdateStrategy])


    class HttpHealthChecker(Struct):
        endpoint = Default(String, "/health")
        expected_response = Default(String, "ok")
        expected_response_code = Default(Integer, 0)


    class ShellHealthChecker(Struct):
        shell_command = String


    class HealthCheckerConfig(Struct):
        http = HttpHealthChecker
        shell = ShellHealthChecker


    class HealthCheckConfig(Struct):
        health_checker = HealthCheckerConfig
        initial_interval_secs = Default(Float, 15.0)
        interval_secs = Default(Float, 10.0)
        max_consecutive_failures = Default(Integer, 0)
        min_consecutive_successes = Default(Integer, 1)
        timeout_secs = Default(Float, 1.0)


    class HttpLifecycleConfig(Struct):
        port = Default(String, "health")
        graceful_shutdown_endpoint = Default(String, "/quitquitquit")
        graceful_shutdown_wait_secs = Default(Integer, 5)
        shutdown_endpoint = Default(String, "/abortabortabort")
        shutdown_wait_secs = Default(Integer, 5)


    class LifecycleConfig(Struct):
        http = HttpLifecycleConfig


    DisableLifecycle = LifecycleConfig()


    class Announcer(Struct):
        primary_port = Default(String, "http")
        portmap = Default(Map(String, String), {"aurora": "{{primary_port}}"})
        zk_path = String


    class PartitionPolicy(Struct):
        reschedule = Default(Boolean, True)
        delay_secs = Default(Integer, 0)


    class CountSlaPolicy(Struct):
        count = Default(Integer, 0)
        duration_secs = Default(Integer, 0)


    class PercentageSlaPolicy(Struct):
        percentage = Default(Float, 0)
        duration_secs = Default(Integer, 0)


    class CoordinatorSlaPolicy(Struct):
        coordinator_url = Required(String)
        status_key = Default(String, "drain")


    class Metadata(Struct):
        key = Required(String)
        value = Required(String)


    class Parameter(Struct):
        name = Required(String)
        value = Required(String)


    class Docker(Struct):
        image = Required(String)
        parameters = Default(List(Parameter), [])


    class AppcImage(Struct):
        name = Required(String)
        image_id = Required(String)


    class DockerImage(Struct):
        name = Required(String)
        tag = Required(String)


    class Volume(Struct):
        container_path = Required(String)
        host_path = Required(String)
        mode = Required(String)


    class Mesos(Struct):
        image = Choice([AppcImage, DockerImage])
        volumes = Default(List(Volume), [])


    class Container(Struct):
        docker = Docker


    class Job(Struct):
        name = Default(String, "{{task.name}}")
        role = Required(String)
        cluster = Required(String)
        environment = String
        contact = String
        instances = Default(Integer, 1)
        task = Required(Task)
        announce = Announcer
        tier = String
        cron_schedule = String
        cron_collision_policy = Default(String, "KILL_EXISTING")
        update_config = Default(UpdateConfig, UpdateConfig())
        constraints = Default(Map(String, String), {})
        service = Default(Boolean, False)
        max_task_failures = Default(Integer, 1)
        production = Default(Boolean, False)
        priority = Default(Integer, 0)
        health_check_config = Default(HealthCheckConfig, HealthCheckConfig())
        lifecycle = LifecycleConfig
        task_links = Map(String, String)
        enable_hooks = Default(Boolean, False)
        metadata = List(Metadata)
        partition_policy = PartitionPolicy
        sla_policy = Choice([CoordinatorSlaPolicy, CountSlaPolicy, PercentageSlaPolicy])
        container = Choice([Container, Docker, Mesos])


    def Service(*arguments, **fields):
        return Job(*arguments, service=True, **fields)


    def order(*processes):
        return [Constraint(order=[
            process if isinstance(process, (str, String)) else process.name()
            for process in processes])]


    def one_after_the_other(processes):
        return order(*processes) if len(processes) > 1 else []


    def SequentialTask(*arguments, **fields):
        task = Task(*arguments, **fields)
        plain = [p for p in task.processes() if p.final() is not Boolean(True)
                 and not p.final().get()]
        return task(constraints=one_after_the_other(plain))


    def SimpleTask(name, command):
        return Task(name=name, processes=[Process(name=name, cmdline=command)],
                    resources=Resources(cpu=1.0, ram=1 << 30, disk=1 << 30))


    class Options(object):
        def __init__(self, **fields):
            self.fields = fields

        def __call__(self, kind, **more):
            return kind(**dict(self.fields, **more))


    def joined(tasks, share, wait):
        def most(field):
            values = [getattr(t.resources(), field)().get() for t in tasks]
            return share(values)
        return dict(
            resources=Resources(cpu=most("cpu"), ram=most("ram"), disk=most("disk")),
            processes=[p for t in tasks for p in t.processes()],
            finalization_wait=wait(t.finalization_wait().get() for t in tasks))


    class Tasks(object):
        @staticmethod
        def combine(*tasks, **fields):
            parts = joined(tasks, sum, max)
            parts["constraints"] = [c for t in tasks for c in t.constraints()]
            return Task(**dict(parts, **fields))

        @staticmethod
        def concat(*tasks, **fields):
            parts = joined(tasks, max, sum)
            constraints = [c for t in tasks for c in t.constraints()]
            for earlier, later in zip(tasks, tasks[1:]):
                constraints += [Constraint(order=[a.name(), b.name()])
                                for a in earlier.processes() for b in later.processes()]
            parts["constraints"] = constraints
            return Task(**dict(parts, **fields))


    CombinedTask, ConcatTask = Tasks.combine, Tasks.concat
    KB, MB, GB, TB = 1 << 10, 1 << 20, 1 << 30, 1 << 40
    space = {name: value for name, value in globals().items()
             if not name.startswith("_") and name not in (
                 "json", "os", "resource", "signal", "sys", "traceback", "path", "refuse", "space",
                 "joined", "one_after_the_other")}


    def run(file):
        with open(file) as source:
            exec(compile(source.read(), file, "exec"), space)


    def include(file):
        run(os.path.join(os.path.dirname(os.path.abspath(path)), file))


    space["include"] = include


    def plain(value):
        if isinstance(value, dict):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        return value


    def line(error):
        if isinstance(error, SyntaxError):
            return error.lineno or "-"
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)
                 if frame.filename == path]
        return lines[-1] if lines else "-"


    output, sys.stdout = sys.stdout, sys.stderr
    try:
        run(path)
        if "jobs" not in space:
            refuse("-", "it names no jobs; expected a list such as jobs = [Job(...)]")
        jobs = [plain(job.interpolate()[0].get()) for job in space["jobs"]]
        text = json.dumps({"jobs": jobs}, indent=2, sort_keys=True)
    except NameError as error:
        name = str(error).split("'")[1] if "'" in str(error) else ""
        hint = "; if it is a text, write it in quotes: '%s'" % name if name else ""
        refuse(line(error), str(error) + hint)
    except BaseException as error:
        refuse(line(error), "%s: %s" % (type(error).__name__, error))
    output.write(text)
    """#
}
