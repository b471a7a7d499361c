"""A Toil workflow of one job; Toil's own options follow the address.

usage: flow_toil.py HOST:PORT FOLDER [SECONDS]

The executors on a simulated cluster do no work: Toil finds its job store unchanged after SECONDS
(3), counts the job as failed and tries again.
"""

import os
import sys

from toil.common import Toil
from toil.job import Job


def work(job):
    return "done"


if __name__ == "__main__":
    options = Job.Runner.getDefaultArgumentParser().parse_args([
        "--batchSystem", "mesos", "--mesosEndpoint", sys.argv[1], "--retryCount", "1",
        "--jobStoreTimeout", sys.argv[3] if len(sys.argv) > 3 else "3", "--disableProgress",
        "--logInfo", "file:" + os.path.join(sys.argv[2], "store")])
    with Toil(options) as toil:
        print("result", toil.start(Job.wrapJobFn(work, cores=1, memory="64Mi", disk="64Mi")), flush=True)
