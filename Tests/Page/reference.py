# Part of mesosim. Apache-2.0, see LICENSE.
#
# What a plain reader of an event log counts, to be held against what the page's state says. It goes
# from the start each time and knows neither keyframes nor columns.

import gzip
import json
import re
from collections import Counter


def amount(resources, name):
    return sum(float(part.rsplit(":", 1)[1]) for part in resources.split("; ")
               if re.match(rf"{name}\b.*:[0-9.]+$", part))


class Reference:
    def __init__(self, path):
        with gzip.open(path, "rt") as file:
            lines = [json.loads(line) for line in file]
        self.header, self.records = lines[0], [line for line in lines[1:] if line["type"] != "footer"]
        self.slaves = []
        for row in self.header["slaves"]:
            first, last = row["names"]
            number = re.search(r"\d+$", first)
            if first == last or not number:
                self.slaves.append(first)
                continue
            stem = first[:number.start()]
            end = int(re.search(r"\d+$", last).group())
            self.slaves += [f"{stem}{index}" for index in range(int(number.group()), end + 1)]
        self.places = {name: index for index, name in enumerate(self.slaves)}

    def named(self, record):
        """The slaves of a record."""
        if "slaves" not in record:
            return [record["slave"]]
        return [self.slaves[index] for first, last in record["slaves"]
                for index in range(self.places[first], self.places[last] + 1)]

    def state(self, n):
        waiting, opened, used, up = Counter(), Counter(), Counter(), set()
        for record in self.records[:n]:
            kind, framework = record["type"], record.get("framework")
            if kind in ("slaveAdded", "slaveChanged", "slaveReconnected"):
                up.add(record["slave"])
            elif kind in ("slaveRemoved", "slaveDisconnected"):
                up.discard(record["slave"])
            elif kind == "offered":
                opened[framework] += len(self.named(record))
            elif kind == "offerEnded":
                opened[framework] -= len(self.named(record))
            elif kind in ("taskLaunched", "executorStarted"):
                used[record["slave"]] += amount(record["resources"], "cpus")
            elif kind in ("taskEnded", "executorEnded"):
                used[record["slave"]] -= amount(record["resources"], "cpus")
            elif kind == "demand":
                waiting[framework] += record["delta"]
            elif kind == "demandEnded":
                waiting[framework] = 0
        return {
            "waiting": {name: count for name, count in waiting.items() if count},
            "open": {name: count for name, count in opened.items() if count},
            "used": {name: round(value, 3) for name, value in used.items() if abs(value) > 5e-4},
            "up": sorted(up)}
