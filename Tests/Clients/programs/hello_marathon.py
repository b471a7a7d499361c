"""Creates an app with Marathon's client, scales, changes, kills and deletes it, and follows events.

usage: hello_marathon.py HOST:PORT
"""

import sys
import threading
import time

from marathon import MarathonClient, NotFoundError
from marathon.exceptions import ConflictError
from marathon.models import MarathonApp, MarathonConstraint, MarathonHealthCheck
from marathon.models.group import MarathonGroup

client = MarathonClient("http://" + sys.argv[1])
heard = []


def follow():
    for event in client.event_stream():
        heard.append(event)


threading.Thread(target=follow, daemon=True).start()


def wait(what, is_so, seconds=30):
    end = time.time() + seconds
    while not is_so():
        if time.time() > end:
            sys.exit("never: " + what)
        time.sleep(0.1)
    print(what, flush=True)


def deployed(receipt):
    name = receipt["deploymentId"]
    wait("deployed", lambda: name not in [deployment.id for deployment in client.list_deployments()])


def running(count):
    tasks = client.list_tasks("web")
    return len([task for task in tasks if task.state == "TASK_RUNNING" and task.started_at]) == count


print("ping", client.ping().decode() if isinstance(client.ping(), bytes) else client.ping())
print("leader", client.get_leader())
print("info", client.get_info().name, client.get_info().framework_id)
wait("listening", lambda: any(event.event_type == "event_stream_attached" for event in heard))
made = client.create_app("web", MarathonApp(
    cmd="./web", cpus=0.5, mem=64, instances=2, constraints=[MarathonConstraint("hostname", "UNIQUE")],
    health_checks=[MarathonHealthCheck(protocol="HTTP", path="/", grace_period_seconds=5, port_index=0)],
    labels={"tier": "front"}))
print("created", made.id, made.deployments[0].id)
wait("running", lambda: running(2))
deployed({"deploymentId": made.deployments[0].id})
try:
    client.create_app("web", MarathonApp(cmd="./web"))
except ConflictError as error:
    print("conflict", error.error_message)
try:
    client.get_app("nobody")
except NotFoundError as error:
    print("not found", error.error_message)
hosts = [task.host for task in client.list_tasks("web")]
print("hosts differ", len(set(hosts)) == 2)

deployed(client.scale_app("web", instances=4))
wait("scaled", lambda: running(4))
deployed(client.update_app("web", MarathonApp(cmd="./web --version 2")))
app = client.get_app("web")
print("upgraded", app.cmd, app.tasks_running, {task.version for task in app.tasks} == {app.version})
print("versions", len(client.list_versions("web")), client.get_version("web", client.list_versions("web")[-1]).cmd)
victim = client.list_tasks("web")[0].id
print("killed", client.kill_task("web", victim).id == victim)
wait("another", lambda: running(4) and victim not in [task.id for task in client.list_tasks()])
deployed(client.kill_task("web", client.list_tasks("web")[0].id, scale=True))
print("less", client.get_app("web").instances)
deployed(client.restart_app("web"))
print("listed", [found.id for found in client.list_apps(label="tier==front", embed_tasks=True, embed_task_stats=True,
                                                        embed_failures=True, embed_counts=True)])

rich = MarathonApp.from_json({
    "id": "rich", "instances": 1, "cpus": 0.1, "mem": 32, "env": {"A": "b", "S": {"secret": "x"}},
    "secrets": {"x": {"source": "/x"}}, "unreachableStrategy": "disabled", "killSelection": "OLDEST_FIRST",
    "upgradeStrategy": {"minimumHealthCapacity": 0.5, "maximumOverCapacity": 0.2}, "acceptedResourceRoles": ["*"],
    "fetch": [{"uri": "http://a/b.tgz"}], "constraints": [["rack_id", "LIKE", "rack-[1-3]"]],
    "container": {"type": "DOCKER", "docker": {"image": "nginx", "network": "BRIDGE", "portMappings": [
        {"containerPort": 80, "hostPort": 0, "servicePort": 9000, "protocol": "tcp", "name": "http"}]},
        "volumes": [{"containerPath": "/a", "hostPath": "/b", "mode": "RO"}]},
    "readinessChecks": [{"portName": "http", "path": "/x", "intervalSeconds": 10, "timeoutSeconds": 5}]})
client.create_app("rich", rich)
wait("rich", lambda: not client.list_deployments())
rich = client.get_app("rich", embed_task_stats=True, embed_readiness=True)
# What was read is written back: it is the same, so that nothing is replaced.
before = [task.id for task in client.list_tasks("rich")]
deployed(client.update_app("rich", rich, force=True))
print("the same", before == [task.id for task in client.list_tasks("rich")], client.list_endpoints()[0].service_port)
deployed(client.delete_app("rich"))

client.create_app("huge", MarathonApp(cmd="./huge", cpus=1000))
wait("queued", lambda: [item.app.id for item in client.list_queue(embed_last_unused_offers=True)] == ["/huge"])
blocked = client.list_deployments()[0]
print("blocked", blocked.affected_apps, blocked.current_actions[0].action, blocked.current_step, blocked.total_steps)
try:
    client.scale_app("huge", instances=2)
except ConflictError as error:
    print("locked", error.status_code)
print("given up", client.delete_deployment(blocked.id, force=True))
client.reset_delay("huge")
deployed(client.delete_app("huge"))

receipt = client.create_group(MarathonGroup(id="/shop", apps=[MarathonApp(id="cart", cmd="./cart", instances=1)]))
deployed(receipt)
print("group", [found.id for found in client.get_group("shop").apps], [found.id for found in client.list_groups()])
deployed(client.scale_group("shop", 2))
print("scaled group", client.get_app("shop/cart").instances)
deployed(client.delete_group("shop"))
deployed(client.update_apps([MarathonApp(id="web", instances=1), MarathonApp(id="two", cmd="./two", instances=1)]))
deployed(client.rollback_app("web", client.list_versions("web")[-1]))
print("rolled back", client.get_app("web").cmd)
print("given tasks", client.kill_given_tasks([task.id for task in client.list_tasks()]))
deployed(client.delete_app("web", force=True))
deployed(client.delete_app("two", force=True))
print("left", client.list_apps(), client.list_tasks())
print("events", " ".join(sorted({event.event_type for event in heard})))
