"""A web server whose answers are as good or as bad as its addresses ask for. It serves loopback alone.

server.py LOG [CERTIFICATE KEY]      prints its port; LOG gets a line for each request
"""
import hashlib
import itertools
import json
import re
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

log_lock = threading.Lock()

# The registry: what it holds, and how it misbehaves.
blobs = {}
manifests = {}
uploads = {}
numbers = itertools.count(1)
faults = {}


def name_of(body):
    return "sha256:" + hashlib.sha256(body).hexdigest()


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
        if address.path.startswith("/v2/"):
            return self.registry(address.path[4:], query, body)
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
        # Until the client gives up and goes.
        self.close_connection = True
        try:
            self.rfile.read(1)
        except OSError:
            pass

    def trickle(self, count):
        """Two bytes a second, until the client goes."""
        self.answer(200, Content_Length=str(count))
        self.close_connection = True
        try:
            while True:
                self.connection.settimeout(0.5)
                self.wfile.write(b"t")
                self.wfile.flush()
                try:
                    if not self.connection.recv(1):
                        return
                except TimeoutError:
                    pass
        except OSError:
            pass

    def web_faults(self, query, body):
        faults.clear()
        faults.update(json.loads(body))
        self.answer(200)

    def web_token(self, query, body):
        if faults.get("token") == "endless":
            return self.web_endless(query, body)
        if faults.get("user") and self.headers.get("Authorization") != "Basic " + faults["user"]:
            return self.answer(401)
        self.answer(200, json.dumps({"token": "T-" + query.get("scope", "")}).encode())

    def once(self, fault):
        """True as often as the fault's number says."""
        left = faults.get(fault, 0)
        faults[fault] = left - 1
        return left > 0

    def refused(self):
        given = self.headers.get("Authorization", "")
        if faults.get("auth") == "basic" and given != "Basic " + faults["user"]:
            self.answer(401, WWW_Authenticate='Basic realm="here"')
        elif faults.get("auth") == "bearer" and not given.startswith("Bearer T-repository:"):
            realm = faults.get("realm") or "http://127.0.0.1:%d/token" % server.server_address[1]
            self.answer(401, WWW_Authenticate='Bearer realm="%s",service="registry"' % realm)
        elif self.once("busy"):
            self.answer(int(faults.get("busy_code", 503)), Retry_After=str(faults.get("retry_after", 0)))
        else:
            return False
        return True

    def registry(self, path, query, body):
        if self.refused():
            return
        if faults.get("html"):
            return self.answer(200, b"<html>hello</html>", Content_Type="text/html")
        if path == "":
            return self.answer(200, b"{}")
        if match := re.fullmatch(r"(.+)/blobs/uploads/([0-9a-f]*)", path):
            return self.upload(match[1], match[2], query, body)
        if match := re.fullmatch(r"(.+)/blobs/(sha256:[0-9a-f]+)", path):
            return self.blob(match[1], match[2])
        if match := re.fullmatch(r"(.+)/manifests/(.+)", path):
            return self.manifest(match[1], match[2], body)
        self.answer(404)

    def blob(self, repository, digest):
        contents = blobs.get((repository, digest))
        if contents is None:
            return self.answer(404, b'{"errors":[{"code":"BLOB_UNKNOWN","message":"no such blob"}]}')
        if self.command == "HEAD":
            return self.answer(200, Content_Length=str(len(contents)), Docker_Content_Digest=digest)
        if "redirect" in faults:
            return self.answer(307, Location=faults["redirect"] + "?name=" + digest)
        if faults.get("blob") == "wrong":
            contents = bytes([contents[0] ^ 1]) + contents[1:]
        if faults.get("blob") == "endless":
            return self.web_endless({}, b"")
        if faults.get("blob") == "trickling":
            return self.trickle(len(contents))
        if faults.get("blob") == "silent":
            return self.web_silence({}, b"")
        start, status = 0, 200
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        headers = {}
        if wanted and faults.get("range") != "ignored":
            start, status = int(wanted[1]), 206
            told = 0 if faults.get("range") == "wrong" else start
            headers["Content_Range"] = "bytes %d-%d/%d" % (told, len(contents) - 1, len(contents))
        rest = contents[start:]
        headers["Content_Length"] = str(len(rest))
        if "drop" in faults and len(rest) > faults["drop"]:
            rest = rest[:faults["drop"]]
            self.close_connection = True
        self.answer(status, rest, **headers)

    def manifest(self, repository, reference, body):
        if self.command == "PUT":
            kind = self.headers["Content-Type"]
            for name in (reference, name_of(body)):
                manifests[repository, name] = (kind, body)
            if faults.get("manifest") == "mute":
                return self.answer(202)
            said = "sha256:" + "0" * 64 if faults.get("manifest") == "wrong-answer" else name_of(body)
            return self.answer(201, Docker_Content_Digest=said)
        if faults.get("manifest") == "endless":
            return self.web_endless({}, b"")
        found = manifests.get((repository, reference))
        if found is None:
            return self.answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such manifest"}]}')
        kind, contents = found
        said = name_of(contents)
        if faults.get("manifest") == "wrong":
            contents = contents.replace(b"schemaVersion", b"schemaVersion ")
        if faults.get("manifest") == "wrong-header":
            said = "sha256:" + "0" * 64
        self.answer(200, contents, Content_Type=faults.get("type", kind), Docker_Content_Digest=said)

    def upload(self, repository, session, query, body):
        place = faults.get("location") or "/v2/%s/blobs/uploads/" % repository
        if self.command == "POST":
            origin = (query.get("from"), query.get("mount"))
            if origin in blobs:
                blobs[repository, query["mount"]] = blobs[origin]
                return self.answer(201, Docker_Content_Digest=query["mount"])
            number = "%x" % next(numbers)
            uploads[number] = b""
            return self.answer(202, Location=place + number)
        if self.once("upload_busy"):
            return self.answer(500)
        if self.command == "GET":
            return self.answer(204, Location=place + session, Range="0-%d" % max(0, len(uploads[session]) - 1))
        if self.command == "PATCH" and self.once("cut"):
            # The connection goes without an answer, and only this part of the piece has come.
            uploads[session] += body[:int(len(body) * faults["cut_at"])]
            self.close_connection = True
            return
        if faults.get("upload") == "stuck":
            return self.answer(202, Location=place + session, Range="0-9")
        uploads[session] += body[:1] if faults.get("upload") == "crumbs" else body
        if self.command == "PATCH":
            return self.answer(202, Location=place + session, Range="0-%d" % (len(uploads[session]) - 1))
        contents = uploads.pop(session)
        if name_of(contents) != query["digest"]:
            return self.answer(400, b'{"errors":[{"code":"DIGEST_INVALID","message":"other bytes"}]}')
        if "hashing" in faults:
            # It does not read, so it notices nothing of a client that goes.
            threading.Event().wait(faults["hashing"])
        if "upload" not in faults:
            blobs[repository, query["digest"]] = contents
        said = {"wrong": "sha256:" + "0" * 64, "forgotten": None}.get(faults.get("upload"), query["digest"])
        self.answer(201, **({"Docker_Content_Digest": said} if said else {}))


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
