"""A guest book that forgets: the smallest application with a page, a form and a health check."""

from flask import Flask, redirect, render_template, request

app = Flask(__name__)
guests: list[str] = []


@app.get("/")
def page() -> str:
    return render_template("page.html", guests=guests)


@app.post("/")
def sign():
    name = request.form.get("name", "").strip()[:40]
    if name:
        guests.append(name)
        del guests[:-100]
    return redirect("/")


@app.get("/health")
def health() -> str:
    return "ok\n"
