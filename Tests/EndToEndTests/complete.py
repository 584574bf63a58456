"""What zsh makes of a line and the Tab key: complete.py FOLDER LINE EXPECTED. FOLDER holds `_layerbuild`.

Ends well as soon as EXPECTED is on the screen, and badly if it is not there after a minute.
"""
import os
import pty
import select
import sys
import time

folder, line, expected = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PS1="> ")
    os.execvp("zsh", ["zsh", "-f", "-i"])

deadline = time.monotonic() + 60
screen = b""


def wait_for(text):
    global screen
    while text not in screen:
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            sys.exit("not there: %r, but %r" % (text, screen))
        screen += os.read(terminal, 65536)
    screen = screen[screen.index(text) + len(text):]


def type_in(text):
    os.write(terminal, text.encode())


# What is typed is shown too, so that what is waited for must not stand in it.
type_in("fpath=(%s $fpath); autoload -U compinit; compinit -u -D; print -r -- rea''dy\n" % folder)
wait_for(b"ready")
type_in(line + "\t")
wait_for(expected.encode())
