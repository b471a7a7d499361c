"""A mesoshttp framework: launches tasks that sleep, waits for all of them, tears itself down.

usage: hello_mesoshttp.py HOST:PORT [TASKS] [SECONDS] [NAME]
"""

import os
import sys

from mesoshttp.client import MesosClient

master = sys.argv[1]
waiting = ["h%d" % number for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 6)]
tasks = len(waiting)
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 30
done = 0
client = MesosClient(
    mesos_urls=["http://" + master],
    frameworkName=sys.argv[4] if len(sys.argv) > 4 else "hello",
    frameworkUser="root",
)
driver = None


def subscribed(which):
    global driver
    driver = which
    print("subscribed", flush=True)


def offers(found):
    for offer in found:
        info = offer.get_offer()
        amounts = {r["name"]: r["scalar"]["value"] for r in info["resources"] if "scalar" in r}
        if not waiting or amounts.get("cpus", 0) < 0.5 or amounts.get("mem", 0) < 64:
            offer.decline(dict(filters=dict(refuse_seconds=60)))
            continue
        task = waiting.pop(0)
        offer.accept(
            [
                dict(
                    task_id=dict(value=task),
                    agent_id=info["agent_id"],
                    name=task,
                    command=dict(value="sleep %g" % seconds),
                    resources=[
                        dict(name="cpus", type="SCALAR", scalar=dict(value=0.5)),
                        dict(name="mem", type="SCALAR", scalar=dict(value=64)),
                    ],
                )
            ]
        )


def update(event):
    global done
    status = event["status"]
    print(status["task_id"]["value"], status["state"], flush=True)
    if status["state"] == "TASK_FINISHED":
        done += 1
        if done == tasks:
            driver.tearDown()
            print("stopped", flush=True)
            os._exit(0)


client.on(MesosClient.SUBSCRIBED, subscribed)
client.on(MesosClient.OFFERS, offers)
client.on(MesosClient.UPDATE, update)
client.register()
