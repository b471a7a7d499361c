"""Asks for nodes, tasks and services with the command line of DC/OS.

usage: hello_dcos.py HOST:PORT
"""

import os
import subprocess
import sys
import tempfile

address = "http://" + sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    config = os.path.join(folder, "dcos.toml")
    with open(config, "w") as file:
        file.write('[core]\ndcos_url = "%s"\nmesos_master_url = "%s"\n' % (address, address))
    os.chmod(config, 0o600)
    variables = {**os.environ, "DCOS_CONFIG": config}
    tools = os.path.dirname(sys.executable)
    variables["PATH"] = tools + os.pathsep + variables["PATH"]
    for command in ("node", "task", "service"):
        result = subprocess.run(
            [os.path.join(tools, "dcos"), command], env=variables,
            capture_output=True, text=True, timeout=60)
        print(result.stdout + result.stderr, flush=True)
