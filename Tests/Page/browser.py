# Part of mesosim. Apache-2.0, see LICENSE.
#
# A headless Chromium under the DevTools protocol over a pipe, with Python's standard library alone.

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class BrowserError(Exception):
    """The browser said no, or nothing at all."""


class Browser:
    """One page of a browser. Requests, errors and lines of the console are kept."""

    def __init__(self, program="chromium"):
        path = shutil.which(program)
        if path is None:
            raise BrowserError(f"{program} is not installed")
        self.profile = tempfile.mkdtemp(prefix="mesosim-page-")
        to_read, self.output = os.pipe()
        self.input, to_write = os.pipe()

        def place_pipes():
            # The browser reads commands from 3 and writes answers to 4.
            first, second = os.dup(to_read), os.dup(to_write)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-dev-shm-usage", "--js-flags=--expose-gc",
             f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=place_pipes, close_fds=False)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.number = 0
        self.requests, self.problems = [], []
        self.session = None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(each for each in targets if each["type"] == "page")
        self.session = self.call(
            "Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self):
        """Ends the browser that this object began."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, wait=120, **parameters):
        """Calls a method and returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + wait
        while True:
            answer = self.receive(end)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.note(answer)

    def receive(self, end):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.input], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise BrowserError("the browser does not answer")
            piece = os.read(self.input, 1 << 20)
            if not piece:
                raise BrowserError("the browser ended")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def note(self, event):
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
            self.problems.append(" ".join(str(each.get("value")) for each in parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.problems.append(parameters["entry"]["text"])

    def run(self, script, wait=120):
        """The value of an expression in the page; promises are awaited."""
        result = self.call("Runtime.evaluate", wait=wait, expression=script, awaitPromise=True,
                           returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    def size(self, width, height, ratio=1, dark=False, calm=False):
        """Sets the size of the window, and what the reader prefers."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=ratio, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"}])

    def go(self, url, until, wait=120):
        """Opens an address and waits until an expression is true."""
        self.call("Page.navigate", url=url)
        self.until(until, wait)

    def until(self, expression, wait=120):
        end = time.monotonic() + wait
        while True:
            try:
                if self.run(f"Boolean({expression})"):
                    return
            except BrowserError as error:
                if "context" not in str(error) and "defined" not in str(error):
                    raise
            if time.monotonic() > end:
                raise BrowserError(f"never true: {expression}")
            time.sleep(0.05)

    def settle(self):
        """Waits until what changed is drawn."""
        self.run("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => "
                 "requestAnimationFrame(r))))")

    KEYS = {" ": ("Space", 32), "Tab": ("Tab", 9), "Escape": ("Escape", 27), "Home": ("Home", 36),
            "End": ("End", 35), "ArrowLeft": ("ArrowLeft", 37), "ArrowUp": ("ArrowUp", 38),
            "ArrowRight": ("ArrowRight", 39), "ArrowDown": ("ArrowDown", 40),
            "Enter": ("Enter", 13), "PageDown": ("PageDown", 34)}

    def press(self, key):
        """Presses a key as a keyboard does."""
        code, number = self.KEYS.get(key, (key, ord(key[0].upper())))
        text = {"Enter": "\r", " ": " "}.get(key, key if len(key) == 1 else None)
        down = {"type": "keyDown" if text else "rawKeyDown", "key": key, "code": code,
                "windowsVirtualKeyCode": number}
        if text:
            down["text"] = text
        self.call("Input.dispatchKeyEvent", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=code,
                  windowsVirtualKeyCode=number)
        self.settle()

    def drag(self, start, end, shift=False):
        """Drags with the left button from a point to another, or clicks where they are one."""
        common = {"button": "left", "modifiers": 8 if shift else 0, "clickCount": 1}
        for kind, (x, y) in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, buttons=1, **common)
        self.settle()

    def picture(self, path):
        """Saves what can be seen."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
