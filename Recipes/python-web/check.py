"""Asks the application its questions without a network."""

from app import app

client = app.test_client()
assert client.get("/health").text == "ok\n"
assert client.post("/", data={"name": "<Ada>"}).status_code == 302
assert "&lt;Ada&gt;" in client.get("/").text
print("python-web: ok")
