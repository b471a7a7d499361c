# Part of mesosim. Apache-2.0, see LICENSE.
#
# Event logs for the tests of the page, made from numbers alone: the same each time.

import gzip
import json

NAMES = ["<img src=x onerror=alert(1)>", "\"quoted\" & 'more'", "\u202eright to left\u202c",
         "n" * 255, "fire \U0001f525", "</script><script>alert(2)</script>"]


class Numbers:
    """A small generator of numbers, the same on every machine."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % limit


def line(**fields):
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False) + "\n"


def header(name, slaves, frameworks, roles=()):
    return line(type="header", version="0.1.0", allocator="drf", seed="1",
                scenario=f"name: {name}\n", name=name, slaves=slaves, frameworks=frameworks,
                roles=list(roles))


def hostile():
    """A short log with names that are anything but names, two kinds nobody knows, and no end."""
    text = [header(NAMES[0], [{"names": [name, name], "resources": "cpus:4; mem:4096",
                               "attributes": f"rack={name}"} for name in NAMES],
                   [{"name": name, "type": NAMES[0], "roles": [name]} for name in NAMES],
                   [{"name": NAMES[1], "weight": 2.0, "guarantee": NAMES[0], "limit": ""}])]
    seq = 0

    def add(second, kind, **fields):
        nonlocal seq
        text.append(line(t=second * 1_000_000_000, seq=seq, type=kind, **fields))
        seq += 1

    for index, name in enumerate(NAMES):
        add(index, "slaveAdded", slave=name, resources="cpus:4; mem:4096")
        add(index, "frameworkAdded", framework=name)
        add(index, "offered", framework=name, slave=name, resources="cpus:4; mem:4096")
        add(index, "demand", framework=name, resources="cpus:1; mem:1024", delta=2)
        add(index + 1, "offerEnded", framework=name, slave=name, resources="cpus:4; mem:4096",
            end="accepted")
        add(index + 1, "taskLaunched", framework=name, slave=name, resources="cpus:1; mem:1024",
            task=f"{name}.1")
        add(index + 1, "demand", framework=name, resources="cpus:1; mem:1024", delta=-1)
        add(index + 2, "taskRunning", framework=name, slave=name, task=f"{name}.1")
    add(20, "fault", fault=f"crash slaves {NAMES[0]}")
    add(21, "fromTheFuture", what=NAMES[0])
    add(21, NAMES[0])
    add(22, "taskEnded", framework=NAMES[0], slave=NAMES[0], resources="cpus:1; mem:1024",
        task=f"{NAMES[0]}.1", state="TASK_LOST", reason=NAMES[0])
    add(22, "slaveRemoved", slave=NAMES[0])
    add(40, "jobSubmitted", framework=NAMES[1], job=0)
    text.append("{\"t\":41000000000,\"seq\":99,\"type\":\"slaveAd")
    return "".join(text).encode()


def plain():
    """A short log of two teams, for what has to stay as it is."""
    text = [header("two-teams", [
        {"names": ["node-0", "node-2"], "resources": "cpus:4; mem:4096", "attributes": "rack=r0"},
        {"names": ["node-3", "node-3"], "resources": "cpus:8; mem:8192", "attributes": "rack=r1"}],
        [{"name": "ads", "type": "marathon", "roles": ["ads"]},
         {"name": "search", "type": "batch", "roles": ["shop/search"]}],
        [{"name": "ads", "weight": 2.0, "guarantee": "cpus:1; mem:1024", "limit": "cpus:4"},
         {"name": "shop", "weight": 1.0}])]
    records = [(0, {"type": "slaveAdded", "slave": f"node-{index}",
                    "resources": "cpus:8; mem:8192" if index == 3 else "cpus:4; mem:4096"})
               for index in range(4)]
    for second, name, slave in ((1, "ads", 0), (2, "search", 1), (3, "ads", 3)):
        of = {"framework": name, "slave": f"node-{slave}", "resources": "cpus:1; mem:1024"}
        records += [
            (second, {"type": "frameworkAdded", "framework": name}),
            (second, {"type": "demand", "framework": name, "resources": of["resources"],
                      "delta": 2}),
            (second, {"type": "offered", **of}),
            (second, {"type": "offerEnded", **of, "end": "accepted"}),
            (second, {"type": "taskLaunched", **of, "task": f"{name}.{second}"}),
            (second, {"type": "demand", "framework": name, "resources": of["resources"],
                      "delta": -1}),
            (second, {"type": "taskRunning", "framework": name, "slave": of["slave"],
                      "task": f"{name}.{second}"})]
    change = {"type": "serviceChange", "framework": "ads", "id": "d1", "what": "deploy banner@v2",
              "began": 2_000_000_000}
    records += [
        (3, {"type": "tasksWanted", "framework": "ads", "group": 0, "count": 2, "name": "/banner"}),
        (3, {"type": "taskUp", "framework": "ads", "group": 0, "task": "ads.1"}),
        (3, {**change, "outcome": "under way",
             "steps": [{"what": "RestartApplication /banner", "began": 2_000_000_000}]}),
        (4, {"type": "operated", "act": {"weights": {"shop": 1.5}}})]
    records += [(4, {"type": "fault", "fault": "crash slaves node-1"}),
                (4, {"type": "slaveRemoved", "slave": "node-2"}),
                (5, {"type": "offered", "framework": "search",
                     "slaves": [["node-0", "node-1"]], "resources": "cpus:3; mem:3072"}),
                (9, {"type": "jobSubmitted", "framework": "ads", "job": 0})]
    for seq, (second, fields) in enumerate(records):
        text.append(line(t=second * 1_000_000_000, seq=seq, **fields))
    return "".join(text).encode()


def explained():
    """A short log with reasons: an offer by shares, and a refusal that keeps a slave."""
    text = [header("explained", [
        {"names": ["node-0", "node-2"], "resources": "cpus:4; mem:4096"}],
        [{"name": name, "type": "batch", "roles": [name]} for name in ("ads", "search")],
        [{"name": "ads", "weight": 1.0, "guarantee": "cpus:2", "limit": ""}])
        .replace("}\n", ",\"explained\":true}\n")]

    def role(place, name, share, **more):
        return {"place": place, "role": name, "shares": [share], **more, "count": 1,
                "frameworks": [{"place": 1, "framework": name, "share": share, "given": place}]}

    wanted = {"framework": "search", "resources": "cpus:2; mem:1024"}
    records = [(0, {"type": "slaveAdded", "slave": f"node-{index}",
                    "resources": "cpus:4; mem:4096"}) for index in range(3)]
    records += [(1, {"type": "frameworkAdded", "framework": name}) for name in ("ads", "search")]
    records += [
        (1, {"type": "demand", **wanted, "delta": 2}),
        (3, {"type": "offered", "framework": "ads", "slaves": [["node-0", "node-1"]],
             "resources": "cpus:4; mem:4096"}),
        (3, {"type": "pass", "offers": 2, "next": 4_000_000_000, "by": "shares", "count": 2,
             "order": [role(1, "search", 0.125), role(2, "ads", 0.25, lacks="cpus:1")],
             "waiting": [{**wanted, "count": 2, "there": 3, "size": 3, "room": 3, "others": 2,
                          "refused": 1, "until": 5_500_000_000, "again": 6_000_000_000,
                          "slave": "node-2"}]}),
        (8, {"type": "jobSubmitted", "framework": "ads", "job": 0})]
    for seq, (second, fields) in enumerate(records):
        text.append(line(t=second * 1_000_000_000, seq=seq, **fields))
    return "".join(text).encode()


def large(slaves, records):
    """A busy cluster: frameworks take, run and end tasks, offers come and go by whole rows."""
    chance = Numbers(7)
    shapes = ["cpus:1; mem:1024", "cpus:2; mem:4096", "cpus:0.5; mem:512"]
    frameworks = ["web", "batch", "stream", "learning", "cron", "search"]
    rows = [{"names": [f"node-{first}", f"node-{min(first + 39, slaves - 1)}"],
             "resources": "cpus:8; mem:32768", "attributes": f"rack=r{first // 40 % 50}"}
            for first in range(0, slaves, 40)]
    yield header("large", rows, [{"name": name, "type": "batch", "roles": [name]}
                                 for name in frameworks])
    count, t, tasks, number = 0, 0, [], 0
    free = [8.0] * slaves

    def write(rest):
        nonlocal count
        count += 1
        return f"{{\"t\":{t},\"seq\":{count - 1},{rest}}}\n"

    for slave in range(slaves):
        t += 1000
        yield write(f"\"type\":\"slaveAdded\",\"slave\":\"node-{slave}\","
                    "\"resources\":\"cpus:8; mem:32768\"")
    for name in frameworks:
        yield write(f"\"type\":\"frameworkAdded\",\"framework\":\"{name}\"")
    while count < records:
        t += 1_000_000 + chance.below(4_000_000)
        what = chance.below(400)
        name = frameworks[chance.below(len(frameworks))]
        if what == 0:
            first = chance.below(slaves // 2)
            row = (f"\"framework\":\"{name}\",\"slaves\":[[\"node-{first}\","
                   f"\"node-{first + slaves // 8}\"]],\"resources\":\"cpus:1; mem:1024\"")
            yield write(f"\"type\":\"offered\",{row}")
            t += 3_000_000
            yield write(f"\"type\":\"offerEnded\",{row},\"end\":\"declined\"")
        elif what == 1:
            yield write(f"\"type\":\"fault\",\"fault\":\"crash slaves node-{chance.below(slaves)}\"")
        elif what < 260 or len(tasks) < slaves:
            slave, shape = chance.below(slaves), shapes[chance.below(3)]
            size = float(shape[5:shape.index(";")])
            if free[slave] < size:
                continue
            of = f"\"framework\":\"{name}\",\"slave\":\"node-{slave}\",\"resources\":\"{shape}\""
            yield write(f"\"type\":\"demand\",\"framework\":\"{name}\",\"resources\":\"{shape}\","
                        "\"delta\":1")
            yield write(f"\"type\":\"offered\",{of}")
            t += 2_000_000
            yield write(f"\"type\":\"offerEnded\",{of},\"end\":\"accepted\"")
            yield write(f"\"type\":\"taskLaunched\",{of},\"task\":\"{name}.{number}\"")
            yield write(f"\"type\":\"demand\",\"framework\":\"{name}\",\"resources\":\"{shape}\","
                        "\"delta\":-1")
            t += 1_000_000
            yield write(f"\"type\":\"taskRunning\",\"framework\":\"{name}\","
                        f"\"slave\":\"node-{slave}\",\"task\":\"{name}.{number}\"")
            tasks.append((name, slave, shape, number, size))
            free[slave] -= size
            number += 1
        else:
            place = chance.below(len(tasks))
            tasks[place], tasks[-1] = tasks[-1], tasks[place]
            name, slave, shape, old, size = tasks.pop()
            free[slave] += size
            yield write(f"\"type\":\"taskEnded\",\"framework\":\"{name}\",\"slave\":\"node-{slave}\","
                        f"\"resources\":\"{shape}\",\"task\":\"{name}.{old}\","
                        "\"state\":\"TASK_FINISHED\"")


def save(path, pieces):
    with gzip.GzipFile(path, "wb", mtime=0, compresslevel=5) as file:
        block = []
        for piece in pieces:
            block.append(piece)
            if len(block) >= 10000:
                file.write("".join(block).encode())
                block = []
        file.write("".join(block).encode())
