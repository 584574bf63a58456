"""A web server whose answers are as good or as bad as its addresses ask for. It serves loopback alone.

server.py LOG [CERTIFICATE KEY]      prints its port; LOG gets a line for each request
"""
import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

log_lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def read_body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while True:
                size = int(self.rfile.readline(), 16)
                body += self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    return body
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def note(self, body):
        line = {"method": self.command, "path": self.path, "body": len(body),
                "authorization": self.headers.get("Authorization", ""), "agent": self.headers.get("User-Agent", "")}
        with log_lock, open(sys.argv[1], "a") as log:
            log.write(json.dumps(line) + "\n")

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_request(self):
        body = self.read_body()
        self.note(body)
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        behaviour = getattr(self, "web_" + address.path.strip("/").split("/")[0].replace("-", "_"), None)
        if behaviour is None:
            self.answer(404, b"there is nothing here")
        else:
            behaviour(query, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request

    def web_bytes(self, query, body):
        self.answer(200, b"x" * int(query["count"]), Content_Type="text/plain", Last_Modified="yesterday")

    def web_echo(self, query, body):
        self.answer(200, body)

    def web_status(self, query, body):
        self.answer(int(query["code"]), b"y" * int(query.get("count", 0)))

    def web_redirect(self, query, body):
        self.answer(int(query.get("code", 302)), b"moved", Location=query["to"])

    def web_loop(self, query, body):
        self.answer(302, Location="/loop")

    def web_short(self, query, body):
        self.answer(200, b"half", Content_Length="8")
        self.close_connection = True

    def web_endless(self, query, body):
        self.answer(int(query.get("code", 200)), Transfer_Encoding="chunked")
        try:
            while True:
                self.wfile.write(b"10000\r\n" + b"z" * 0x10000 + b"\r\n")
        except OSError:
            self.close_connection = True

    def web_endless_head(self, query, body):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        try:
            while True:
                self.wfile.write(b"X-Long: " + b"h" * 8000 + b"\r\n")
        except OSError:
            self.close_connection = True

    def web_silence(self, query, body):
        if query.get("after") == "head":
            self.answer(200, b"a", Content_Length="2")
            self.wfile.flush()
        time.sleep(600)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
