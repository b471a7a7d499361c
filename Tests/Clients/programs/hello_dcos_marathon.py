"""Uses Marathon by the command line of DC/OS.

usage: hello_dcos_marathon.py HOST:PORT
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

address = "http://" + sys.argv[1]


def main(folder):
    config = os.path.join(folder, "dcos.toml")
    with open(config, "w") as file:
        # Marathon is then found below /service/marathon.
        file.write('[core]\ndcos_url = "%s"\nmesos_master_url = "%s"\n' % (address, address))
    os.chmod(config, 0o600)
    tools = os.path.dirname(sys.executable)
    variables = {**os.environ, "DCOS_CONFIG": config, "PATH": tools + os.pathsep + os.environ["PATH"]}

    def dcos(*words):
        result = subprocess.run([os.path.join(tools, "dcos"), "marathon", *words], env=variables,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        print("$ dcos marathon %s\n%s%s" % (" ".join(words), result.stdout, result.stderr), flush=True)
        return result.stdout

    def wait(count):
        # Not by the tool, which takes its time to start.
        for _ in range(300):
            with urllib.request.urlopen(address + "/service/marathon/v2/tasks?status=running", timeout=20) as answer:
                tasks = [task for task in json.load(answer)["tasks"] if task["appId"] == "/web"]
            if len(tasks) == count:
                return
            time.sleep(0.1)
        sys.exit("never %d tasks of web" % count)

    def write(name, app):
        path = os.path.join(folder, name)
        with open(path, "w") as file:
            json.dump(app, file)
        return path

    dcos("about")
    dcos("app", "add", write("web.json", {"id": "web", "cmd": "./web", "cpus": 0.5, "mem": 64, "instances": 2}))
    wait(2)
    dcos("app", "add", write("web.json", {"id": "web", "cmd": "./web"}))
    dcos("app", "list")
    dcos("app", "show", "web")
    dcos("app", "update", "web", "instances=3", "mem=96")
    wait(3)
    dcos("app", "version", "list", "web")
    dcos("task", "list", "web")
    task = dcos("task", "list", "web", "--quiet").split()[0]
    dcos("task", "show", task)
    dcos("task", "stop", task)
    dcos("app", "restart", "web")
    dcos("app", "kill", "web")
    dcos("app", "add", write("huge.json", {"id": "huge", "cmd": "./huge", "cpus": 1000}))
    dcos("deployment", "list")
    dcos("debug", "list")
    dcos("debug", "summary", "/huge")
    dcos("debug", "details", "/huge")
    deployment = re.search(r"d\d+", dcos("deployment", "list", "huge", "--quiet")).group(0)
    dcos("deployment", "rollback", deployment)
    dcos("group", "add", write("shop.json", {"id": "shop", "apps": [{"id": "cart", "cmd": "./cart", "instances": 1}]}))
    dcos("group", "list")
    dcos("group", "scale", "shop", "2", "--force")
    dcos("group", "remove", "shop", "--force")
    dcos("app", "stop", "web", "--force")
    wait(0)
    dcos("app", "start", "web", "2")
    wait(2)
    dcos("app", "remove", "web", "--force")
    wait(0)
    dcos("app", "list")
    dcos("ping", "--once")


with tempfile.TemporaryDirectory() as folder:
    main(folder)
