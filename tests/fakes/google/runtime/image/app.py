"""The smallest service there is: says who it is and what it was asked."""

import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

state = {"healthy": True}


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            return self.say(
                200 if state["healthy"] and not os.environ.get("UNHEALTHY") else 503, {}
            )
        if self.path == "/sicken":
            state["healthy"] = False
        if self.path == "/crash":
            os._exit(3)
        if self.path.startswith("/slow/"):
            time.sleep(float(self.path.removeprefix("/slow/")))
        print(json.dumps({"severity": "NOTICE", "message": f"asked for {self.path}"}), flush=True)
        return self.say(200, {"headers": dict(self.headers), "environment": dict(os.environ)})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.say(201, {"length": len(body)})

    def say(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def end(*_):
    print("SIGTERM", flush=True)
    threading.Thread(target=server.shutdown).start()


signal.signal(signal.SIGTERM, end)
server = ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", "0"))), Answer)  # noqa: S104
server.daemon_threads = False
print("listening", file=sys.stderr, flush=True)
server.serve_forever()
server.server_close()
