"""Tests for `dcgan/memory.py`: freed memory goes back to the operating system."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

HAS_GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")
pytestmark = pytest.mark.skipif(not HAS_GLIBC, reason="another allocator")

# Eight threads allocate at the same time; prints how many arenas there are then.
COUNT_ARENAS = """
import ctypes, os, sys, tempfile, threading
from dcgan.memory import share_arenas
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
if sys.argv[1] == "shared":
    share_arenas()
together = threading.Barrier(8)
def allocate():
    together.wait()
    for _ in range(1000):
        libc.free(libc.malloc(1000))
    together.wait()
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
path = os.path.join(tempfile.mkdtemp(), "info")
file = ctypes.c_void_p(libc.fopen(path.encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print(open(path).read().count("<heap"))
"""


def count_arenas(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", COUNT_ARENAS, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_threads_share_two_arenas():
    """Threads that allocate at the same time use two arenas instead of one each."""
    assert count_arenas("shared") <= 2 < count_arenas("usual")


def test_trimming_gives_memory_back():
    """64 MiB in small blocks that were freed count to the process until they are trimmed."""
    code = """
import ctypes
from dcgan.memory import trim_memory
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
def resident():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS"))
blocks = [libc.malloc(1024) for _ in range(65536)]
for block in blocks: ctypes.memset(block, 1, 1024)
last = libc.malloc(1024)  # above them, so that they are not given back at once
for block in blocks: libc.free(block)
before = resident()
trim_memory()
print(before - resident())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50_000
