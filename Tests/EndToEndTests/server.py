"""A server on loopback for tests: server.py FOLDER. Prints its port, and writes every request to FOLDER/requests.

/files/…            the files of FOLDER/files, with ETag and Last-Modified; 304 where nothing has changed
/private/…          the same files, for those who send the Authorization that FOLDER/authorization holds
/git/…              the repositories in FOLDER/git, through `git http-backend`; /private-git/… those for the authorised
/redirect/URL       leads to URL; /loop to itself
/status/N           answers with N
/truncated          ends before its Content-Length; /endless never ends; /silent sends nothing
"""
import email.utils
import hashlib
import http.server
import os
import subprocess
import sys

ROOT = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def log_request(self, code="-", size="-"):
        with open(os.path.join(ROOT, "requests"), "a") as log:
            log.write("%s %s %s\n" % (self.command, self.path, int(code)))

    def answer(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def authorised(self):
        with open(os.path.join(ROOT, "authorization")) as file:
            return self.headers.get("Authorization") == file.read()

    def file(self, name):
        path = os.path.join(ROOT, "files", name)
        if not os.path.isfile(path):
            return self.answer(404, body=b"<html>there is no such page</html>")
        with open(path, "rb") as file:
            body = file.read()
        tag = '"%s"' % hashlib.sha256(body).hexdigest()[:24]
        modified = email.utils.formatdate(int(os.stat(path).st_mtime), usegmt=True)
        headers = [("ETag", tag), ("Last-Modified", modified)]
        if name.startswith("undated"):
            headers = []
        elif tag in self.headers.get("If-None-Match", "").split(", "):
            return self.answer(304, headers)
        return self.answer(200, headers, body)

    def git(self, path, query):
        length = int(self.headers.get("Content-Length") or 0)
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": os.path.join(ROOT, "git"), "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        }
        made = subprocess.run(
            ["git", "http-backend"], input=self.rfile.read(length), env=environment, stdout=subprocess.PIPE)
        head, _, body = made.stdout.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line]
        status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
        self.answer(status, [(name, value) for name, value in headers if name != "Status"], body)

    def odd(self, path):
        if path == "/truncated":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        elif path == "/endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 65536)
        elif path == "/silent":
            self.rfile.read(1)
        else:
            self.answer(404)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path.startswith("/files/"):
            self.file(path[len("/files/"):])
        elif path.startswith("/private"):
            if not self.authorised():
                return self.answer(401, [("WWW-Authenticate", 'Basic realm="test"')])
            if path.startswith("/private-git/"):
                self.git(path[len("/private-git"):], query)
            else:
                self.file(path[len("/private/"):])
        elif path.startswith("/git/"):
            self.git(path[len("/git"):], query)
        elif path.startswith("/redirect/"):
            self.answer(302, [("Location", self.path[len("/redirect/"):])])
        elif path == "/loop":
            self.answer(302, [("Location", "/loop")])
        elif path.startswith("/status/"):
            self.answer(int(path[len("/status/"):]))
        else:
            self.odd(path)

    do_HEAD = do_GET
    do_POST = do_GET


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], file=sys.stderr, flush=True)
server.serve_forever()
