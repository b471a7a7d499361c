# Part of mesosim. Apache-2.0, see LICENSE.
#
# The page as a server hands it out: it follows a run that goes on, comes back after the server was
# away, and lets people act. Needs mesosim-server (.build-server/debug, or MESOSIM_SERVER).

import http.client
import json
import os
import re
import signal
import subprocess
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get(
    "MESOSIM_SERVER", os.path.join(ROOT, ".build-server", "debug", "mesosim-server"))
LIVE = "globalThis.MesosimPage && MesosimPage.app.log && MesosimPage.live?.status"


class Server:
    def __init__(self, scenario, *options, port=0):
        self.process = subprocess.Popen(
            [PROGRAM, scenario, "--port", str(port), *options], cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        found = re.match(r"ready (http://127.0.0.1:(\d+))", line)
        if not found:
            raise RuntimeError("the server said: " + line)
        self.address, self.port = found.group(1), int(found.group(2))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def subscribe(self, name):
        """A scheduler outside, of a name that somebody chose; connected as long as it is kept."""
        body = json.dumps({"type": "SUBSCRIBE", "subscribe": {
            "framework_info": {"user": "root", "name": name}}})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("POST", "/api/v1/scheduler", body, {"Content-Type": "application/json"})
        return connection

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path, value):
        request = urllib.request.Request(
            self.address + path, json.dumps(value).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()


SMALL = """
name: live
cluster:
  slaves:
    - {name: "node-{index}", count: 4, resources: "cpus:4;mem:4096"}
frameworks:
  - name: batch
    type: batch
    workload:
      arrivals: {constant: 5s}
      bins:
        - name: small
          count: 40
          stages: [{name: map, tasks: 2, resources: "cpus:1;mem:256", duration: 20s}]
until: 10m
"""

# The texts of the states that a log and a keyframe lead to.
TEXTS = """(([log, keyframe]) => {
  const text = (lines) => {
    const log = new Mesosim.Log();
    log.addText(lines);
    const state = new Mesosim.State(log);
    state.advance(log.count);
    return state.text;
  };
  return JSON.stringify([text(log), text(keyframe)]);
})(%s)"""


class LiveTests:
    """Mixed into the tests of the page."""

    def test_live_states(self, check):
        """At ten instants the simulation's own picture and the page's sum of the log are the same."""
        acted = os.path.join(self.folder, "acted.yaml")
        with open(acted, "w") as file:
            file.write(SMALL + "operator:\n  - {at: 1m, weights: {batch: 2}}\n"
                       "  - {at: 2m, quota: {batch: {limit: \"cpus:4\"}}}\n"
                       "  - {at: 3m, reserve: {slave: node-0, role: batch, resources: \"cpus:99\"}}\n")
        for scenario in ("scenarios/services/mixed.yaml", "scenarios/failures/master-failover.yaml",
                         acted):
            with Server(scenario, "--manual") as server:
                self.browser.go(server.address + "/", LIVE)
                end = json.loads(server.get("/mesosim/v1/run"))["end"]
                for part in range(1, 11):
                    at = min(end, 3600 * 10**9) * part // 11
                    server.post("/mesosim/v1/step", {"kind": "until", "at": at})
                    log, keyframe = server.get("/mesosim/v1/log"), server.get("/mesosim/v1/keyframe")
                    summed, drawn = json.loads(self.browser.run(TEXTS % json.dumps([log, keyframe])))
                    differing = [pair for pair in zip(summed.split("\n"), drawn.split("\n"))
                                 if pair[0] != pair[1]]
                    check(f"{scenario}: one state at {at / 1e9:.0f} s, {log.count(chr(10))} records",
                          summed == drawn and len(summed) > 100, differing[:2])

    def test_live_page(self, check):
        """The page follows, keeps its policy, and goes on after the server was away."""
        browser = self.browser
        scenario = os.path.join(self.folder, "small.yaml")
        with open(scenario, "w") as file:
            file.write(SMALL)
        browser.go("about:blank", "true")
        del browser.requests[:], browser.problems[:]
        browser.size(1280, 800)
        with Server(scenario, "--pace", "30") as server:
            scheduler = server.subscribe("<img src=x onerror=alert(1)>")
            browser.go(server.address + "/", LIVE)
            browser.until("MesosimPage.app.log.count > 60 && MesosimPage.app.log.frameworks.length > 1")
            check("live: who came in stands at the end", browser.run("MesosimPage.app.isFollowing"))
            for view in ("cluster", "frameworks", "slaves", "offers", "roles", "tasks", "records", "run"):
                browser.run(f"MesosimPage.chooseView('{view}'); 0")
                browser.settle()
            check("live: names are text", "<img src=x" in browser.run(
                "(MesosimPage.chooseView('frameworks'), MesosimPage.draw(), document.body.textContent)"))
            check("live: no markup", browser.run("document.images.length") == 0)
            foreign = [url for url in browser.requests
                       if not url.startswith((server.address, "about:", "data:", "blob:"))]
            check("live: no request leaves the origin", not foreign, foreign)
            check("live: nothing breaks the policy", not browser.problems, browser.problems)
            answer = json.loads(browser.run(
                "MesosimPage.live.post('fault', {kill: {slave: 'node-1'}}).then(JSON.stringify)"))
            check("live: a fault is taken", answer["status"] == 202, answer)
            browser.until("MesosimPage.app.log.texts.some((text) => text.includes('node-1'))")
            check("live: the fault has a flag", browser.run("MesosimPage.app.log.flags.length") > 0)
            scheduler.close()
            port = server.port
            server.kill()
            browser.until("!MesosimPage.live.isConnected")
        with Server(scenario, "--pace", "30", port=port):
            browser.until("MesosimPage.live.isConnected && MesosimPage.app.log.texts.length === 0", 30)
            check("live: a new session is another log, and the page follows it",
                  browser.run("MesosimPage.app.log.count > 5 && MesosimPage.app.isFollowing"))
            browser.go("about:blank", "true")
        del browser.problems[:]

    def test_live_acts(self, check):
        """By the page's own buttons and keys: steps, play and pause, a fault, an operator's act."""
        browser = self.browser
        scenario = os.path.join(self.folder, "acts.yaml")
        with open(scenario, "w") as file:
            file.write(SMALL)
        browser.go("about:blank", "true")
        del browser.problems[:]
        browser.size(1280, 800)
        with Server(scenario, "--manual") as server:
            browser.go(server.address + "/", LIVE)
            browser.settle()
            for key in (">", ">", "d", "."):
                before = json.loads(server.get("/mesosim/v1/run"))["events"]
                browser.press(key)
                browser.until(f"MesosimPage.live.status.events > {before}")
            check("live acts: the view follows", browser.run(
                "MesosimPage.app.isFollowing && MesosimPage.app.log.count > 0"))
            browser.press(" ")
            browser.until("MesosimPage.live.status.mode === 'paced'")
            browser.until("MesosimPage.app.log.slaves.length === 4 && MesosimPage.app.end > 5e9")
            browser.press(" ")
            browser.until("MesosimPage.live.status.mode === 'manual'")

            def act(sel, name):
                browser.run(f"MesosimPage.app.sel = ''; MesosimPage.select('{sel}'); "
                            "MesosimPage.draw(); 0")
                browser.press("a")
                browser.run(f"""(() => {{
                  const act = document.activeElement;
                  act.selectedIndex = [...act.options].findIndex((each) => each.text === '{name}');
                  act.dispatchEvent(new Event('change'));
                  document.querySelector('.acts .main').click();
                }})()""")

            act("slave:node-2", "crash the machine")
            # Time stands still: it happens with the next event.
            browser.run("document.activeElement.blur()")
            browser.press(".")
            browser.until("MesosimPage.app.log.texts.some((text) => text.includes('node-2'))")
            act("role:*", "weight")
            browser.until("MesosimPage.app.log.acts.length === 1")
            check("live acts: the weight is shown", browser.run(
                "MesosimPage.app.log.rolesAt(MesosimPage.app.log.count).get('*').weight") == 2)
            browser.run("MesosimPage.goTo(2); 0")
            browser.settle()
            act("slave:node-1", "drain")
            browser.until("MesosimPage.app.log.acts.length === 2")
            check("live acts: who looks back stays there", browser.run("MesosimPage.app.n") == 2)
            browser.press("Escape")
            browser.press("l")
            check("live acts: and comes back", browser.run("MesosimPage.app.isFollowing"))
            notice = "document.getElementById('notice').textContent"
            act("slave:node-0", "reserve")
            fill = """(() => {
              const [role, resources] = document.querySelectorAll('.acts label input');
              [role.value, resources.value] = ['batch', '%s'];
              resources.dispatchEvent(new Event('input'));
              document.querySelector('.acts .main').click();
            })()"""
            browser.run(fill % "cpus:99")
            # Its answer and its line of the log come in either order.
            browser.until(f"{notice}.includes('409')", 20)
            check("live acts: what the master would not do is in the log",
                  browser.run("Boolean(MesosimPage.app.log.acts.at(-1).refusal)"))
            browser.run(fill % "cpus:lots")
            browser.until(f"{notice}.includes('operate:')")
            check("live acts: what is wrong is said", "'lots' is no value" in browser.run(notice),
                  browser.run(notice))
            check("live acts: nothing breaks the policy", [
                each for each in browser.problems if "400" not in each] == [], browser.problems)
            browser.go("about:blank", "true")
        del browser.problems[:]

    def test_live_large(self, check):
        """50,000 slaves, followed while all of them are offered."""
        scenario = os.path.join(self.folder, "large.yaml")
        with open(scenario, "w") as file:
            file.write("name: large\ncluster:\n  slaves:\n    - {name: \"node-{index}\", count: 50000, "
                       "resources: \"cpus:8;mem:16GB\"}\nframeworks:\n  - name: batch\n    type: batch\n"
                       "    workload:\n      arrivals: {constant: 1s}\n      bins:\n        - name: b\n"
                       "          count: 100\n          stages: [{name: map, tasks: 100, resources: "
                       "\"cpus:1;mem:256\", duration: 20s}]\nuntil: 10m\n")
        browser = self.browser
        with Server(scenario, "--pace", "1") as server:
            browser.go(server.address + "/", LIVE)
            browser.until("MesosimPage.app.log.count > 50000", 60)
            before = browser.run("MesosimPage.app.log.count")
            time.sleep(3)
            check("live large: the page goes on", browser.run("MesosimPage.app.log.count") > before)
            check("live large: nothing is thinned", browser.run(
                "!MesosimPage.app.log.keyframes.length"))
