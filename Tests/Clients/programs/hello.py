"""A pymesos framework: launches tasks that sleep, waits for all of them, stops.

usage: hello.py HOST:PORT [TASKS] [SECONDS] [NAME]

HELLO_ID=ID takes a framework over, HELLO_TIMEOUT=SECONDS is its failover timeout, HELLO_HOLD=1 keeps
offers that it has no use for, HELLO_FIRST=N numbers its tasks from N.
"""

import os
import sys

from pymesos import MesosSchedulerDriver, Scheduler


class Hello(Scheduler):
    def __init__(self, tasks, seconds):
        first = int(os.environ.get("HELLO_FIRST", "0"))
        self.waiting = ["t%d" % number for number in range(first, first + tasks)]
        self.running = set()
        self.done = 0
        self.tasks = tasks
        self.seconds = seconds

    def registered(self, driver, framework_id, master_info):
        print("registered", framework_id["value"], flush=True)

    def reregistered(self, driver, master_info):
        print("reregistered", flush=True)
        driver.reconcileTasks([])

    def disconnected(self, driver):
        print("disconnected", flush=True)

    def offerRescinded(self, driver, offer_id):
        print("rescinded", offer_id["value"], flush=True)

    def slaveLost(self, driver, slave_id):
        print("slave lost", slave_id["value"], flush=True)

    def processHeartBeat(self, driver):
        pass

    def resourceOffers(self, driver, offers):
        for offer in offers:
            amounts = {r["name"]: r["scalar"]["value"] for r in offer["resources"] if "scalar" in r}
            launched = []
            while self.waiting and amounts.get("cpus", 0) >= 1 and amounts.get("mem", 0) >= 128:
                task = self.waiting.pop(0)
                amounts["cpus"] -= 1
                amounts["mem"] -= 128
                launched.append(
                    dict(
                        task_id=dict(value=task),
                        agent_id=offer["agent_id"],
                        name=task,
                        command=dict(value="sleep %g" % self.seconds),
                        resources=[
                            dict(name="cpus", type="SCALAR", scalar=dict(value=1)),
                            dict(name="mem", type="SCALAR", scalar=dict(value=128)),
                        ],
                    )
                )
            if launched:
                driver.launchTasks(offer["id"], launched)
            elif "HELLO_HOLD" not in os.environ:
                driver.declineOffer(offer["id"], dict(refuse_seconds=60))

    def statusUpdate(self, driver, status):
        task, state = status["task_id"]["value"], status["state"]
        print(task, state, status.get("reason", ""), flush=True)
        if state == "TASK_RUNNING":
            self.running.add(task)
        elif state == "TASK_FINISHED":
            self.running.discard(task)
            self.done += 1
        elif state in ("TASK_LOST", "TASK_FAILED", "TASK_GONE", "TASK_UNREACHABLE", "TASK_DROPPED"):
            self.running.discard(task)
            self.waiting.append(task + "'")
            driver.reviveOffers()
        if self.done == self.tasks:
            driver.stop()

    def error(self, driver, message):
        print("error", message, flush=True)
        driver.stop()


if __name__ == "__main__":
    master = sys.argv[1]
    tasks = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 30
    name = sys.argv[4] if len(sys.argv) > 4 else "hello"
    framework = dict(user="root", name=name)
    if "HELLO_TIMEOUT" in os.environ:
        framework["failover_timeout"] = float(os.environ["HELLO_TIMEOUT"])
    if "HELLO_ID" in os.environ:
        framework["id"] = dict(value=os.environ["HELLO_ID"])
    driver = MesosSchedulerDriver(Hello(tasks, seconds), framework, master)
    driver.run()
    print("stopped", flush=True)
