"""Hosts in network namespaces of their own, on one switch; what each sends and gets is counted."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

DATABASE, WEB, WORKER_A, WORKER_B = HOSTS = ("database", "web", "worker-a", "worker-b")
ADDRESSES = {name: f"10.77.0.{n}" for n, name in enumerate(HOSTS, start=1)}
SUBNET = "10.77.0.0/24"
SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes of one host's link, with all headers of Ethernet and TCP; acknowledgments are in it.

    Large writes pass a virtual link in one piece, with one header where a wire has one for each
    1,448 bytes: 4 % more at most.
    """

    received: int = 0
    sent: int = 0

    def __sub__(self, other: Traffic) -> Traffic:
        return Traffic(self.received - other.received, self.sent - other.sent)


class Network:
    """The namespaces are called after ``prefix``; ``with`` makes them and takes them away."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __enter__(self) -> Self:
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        for name in (*HOSTS, SWITCH):
            subprocess.run(
                ["ip", "netns", "delete", self.namespace(name)], check=False, capture_output=True
            )

    def namespace(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def inside(self, name: str) -> list[str]:
        """What a command begins with that runs on a host, under the host's own name."""
        enter = ["ip", "netns", "exec", self.namespace(name), "unshare", "--uts"]
        return [*enter, "sh", "-c", f'hostname {name} && exec "$@"', "sh"]

    def cut(self, name: str) -> None:
        """Pull the cable out: nobody is told, what is under way is lost."""
        self._ip(SWITCH, "link", "set", name, "down")

    def mend(self, name: str) -> None:
        self._ip(SWITCH, "link", "set", name, "up")

    def traffic(self, name: str) -> Traffic:
        """So far, as the host itself counts it."""
        shown = self._ip(name, "-json", "-statistics", "link", "show", "dev", "uplink")
        counted: dict[str, Any] = json.loads(shown)[0]["stats64"]
        return Traffic(counted["rx"]["bytes"], counted["tx"]["bytes"])

    def processes(self, name: str) -> list[int]:
        shown = subprocess.run(
            ["ip", "netns", "pids", self.namespace(name)], check=True, capture_output=True
        )
        return [int(pid) for pid in shown.stdout.split()]

    def processor_seconds(self, name: str) -> float:
        """Of the processes that run on a host now, and of their children that ended."""
        return sum(map(_ticks, self.processes(name))) / _TICKS_PER_SECOND

    def _make(self) -> None:
        for name in (SWITCH, *HOSTS):
            subprocess.run(["ip", "netns", "add", self.namespace(name)], check=True)
            self._ip(name, "link", "set", "lo", "up")
        self._ip(SWITCH, "link", "add", "ports", "type", "bridge")
        self._ip(SWITCH, "link", "set", "ports", "up")
        for name in HOSTS:
            peer = ["peer", "name", "uplink", "netns", self.namespace(name)]
            self._ip(SWITCH, "link", "add", name, "type", "veth", *peer)
            self._ip(SWITCH, "link", "set", name, "master", "ports", "up")
            self._ip(name, "address", "add", f"{ADDRESSES[name]}/24", "dev", "uplink")
            self._ip(name, "link", "set", "uplink", "up")

    def _ip(self, name: str, *arguments: str) -> str:
        command = ["ip", "-netns", self.namespace(name), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


_TICKS_PER_SECOND = 100  # what the kernel counts in, everywhere


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return 0
    return sum(map(int, fields[11:15]))
