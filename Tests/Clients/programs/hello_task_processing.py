"""A task-processing program: runs one task and waits for it.

usage: hello_task_processing.py HOST:PORT
"""

import sys

from task_processing.runners.sync import Sync
from task_processing.task_processor import TaskProcessor

processor = TaskProcessor()
processor.load_plugin(provider_module="task_processing.plugins.mesos")
executor = processor.executor_from_config(
    provider="mesos_task",
    provider_config=dict(secret="pw", mesos_address=sys.argv[1], role="*", framework_name="tp"),
)
task = executor.TASK_CONFIG_INTERFACE(
    image="busybox", cmd="sleep 5", cpus=0.1, mem=32, containerizer="DOCKER")
runner = Sync(executor)
print("success", runner.run(task).success, flush=True)
runner.stop()
