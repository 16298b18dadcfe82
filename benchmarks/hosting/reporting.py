"""The stages of the benchmark in their order, and its tables."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from benchmarks.hosting.cutting import cut_off
from benchmarks.hosting.host import FAKETIME, Host
from benchmarks.hosting.measuring import N_WARM_UP, Publishes, idle, publish, rebuild
from benchmarks.hosting.network import DATABASE, WEB, WORKER_A, WORKER_B
from benchmarks.hosting.stage import Stage
from benchmarks.latencies import machine

BEHIND = -90  # seconds
SECONDS_CUT = 40.0
# A worker that is behind may not be later than the right one by more than the machine's noise.
NOISE = 10.0
FEW = 30
ESTIMATE = """
from related.domain.corpus.memory import needed_bytes
from related.models import Corpus, DocumentVector
for corpus in Corpus.objects.all():
    print(needed_bytes(corpus, DocumentVector.objects.filter(corpus=corpus).count()))
"""


def run(stage: Stage, options: argparse.Namespace) -> int:
    show(machine())
    n_broken = 0
    if {"publishes", "rebuilds", "clock"} & {*options.stages}:
        with stage.made_up(options.articles):
            n_broken += show_made_up(stage, options)
    if "cut" in options.stages:
        with stage.exact(options.articles // 2, seed=1):
            n_broken += show_cut(stage)
    return 1 if n_broken else 0


def show_made_up(stage: Stage, options: argparse.Namespace) -> int:
    if "publishes" in options.stages:
        show_publishes(stage, options.publishes, options.every)
    if "rebuilds" in options.stages:
        show_rebuilds(stage, options.rebuilds)
    return show_clock(stage, options.every) if "clock" in options.stages else 0


def show_publishes(stage: Stage, n: int, every: float) -> None:
    show(
        "\n| worker hosts | publishes | p50 | p99 | longest | all at once | database kB in / out "
        "| web kB in / out | worker hosts kB in / out |\n|---|---|---|---|---|---|---|---|---|"
    )
    for seed, hosts in enumerate(([stage.a], [stage.a, stage.b])):
        start(stage, *hosts)
        paced = publish(stage, n, every, seed=10 + seed)
        burst = publish(stage, n // 2, 0.0, seed=20 + seed)
        workers = ", ".join(paced.per_publish(host.name) for host in hosts)
        show(
            f"| {len(hosts)} | {n} | {paced} | {len(burst.seconds) / burst.took:.1f} a second "
            f"| {paced.per_publish(DATABASE)} | {paced.per_publish(WEB)} | {workers} |"
        )
    for name, traffic in idle(stage).items():
        show(f"idle: {name} gets {traffic.received:,} and sends {traffic.sent:,} bytes a second")
    show_memory(stage)
    stage.stop()


def show_rebuilds(stage: Stage, kinds: Sequence[str]) -> None:
    show(
        "\n| rebuild | worker hosts | documents | clock | of one's | blocks A, B | processor "
        "database, A, B | kB a document to A, from A | to B, from B |"
        "\n|---|---|---|---|---|---|---|---|---|"
    )
    for kind in kinds:
        alone = 0.0
        for hosts in ([stage.a], [stage.a, stage.b]):
            start(stage, *hosts)
            done = rebuild(stage, cold=kind == "cold")
            alone = alone or done.seconds
            processor = ", ".join(f"{seconds:.1f} s" for seconds in done.processor.values())
            carried = " | ".join(
                f"{done.carried[name].received / done.n_documents / 1000:.1f}, "
                f"{done.carried[name].sent / done.n_documents / 1000:.1f}"
                for name in (WORKER_A, WORKER_B)
            )
            show(
                f"| {kind} | {len(hosts)} | {done.n_documents:,} "
                f"| {done.seconds:.1f} s | {done.seconds / alone:.2f} "
                f"| {', '.join(map(str, done.blocks.values()))} | {processor} | {carried} |"
            )
            if hosts == [stage.a]:
                show_memory(stage)
            stage.stop()


def show_memory(stage: Stage) -> None:
    estimate = stage.manage("shell", "--no-imports", "-c", ESTIMATE).split()
    ((n,),) = stage.rows("SELECT sum(n_documents) FROM related_corpus")
    for host in (stage.a, stage.b):
        for name, (own, shared) in host.megabytes().items():
            show(f"memory: {host.name}, {name}: {own:.0f} MB its own, {shared:.0f} MB shared")
        if size := host.snapshot_bytes():
            show(f"snapshot of {n:,} documents: {size / 1e6:.1f} MB, {size / n:,.0f} bytes each")
    show(f"allowed for by the memory check: {sum(map(float, estimate)) / 1e6:,.0f} MB")


def show_clock(stage: Stage, every: float) -> int:
    if not FAKETIME.exists():
        show(f"\nNo stage with a wrong clock: {FAKETIME} is missing (Debian: libfaketime).")
        return 0
    show("\n| clock of the only worker host | messages | publishes | p50 | p99 | longest |")
    show("|---|---|---|---|---|---|")
    medians: dict[tuple[int, bool], Publishes] = {}
    for host, clock in ((stage.a, 0), (stage.b, BEHIND)):
        start(stage, host, clock=clock)
        for broker in (True, False):
            done = publish(stage, FEW, every, seed=30 + clock + broker, broker=broker)
            medians[clock, broker] = done
            told = "sent" if broker else "lost"
            show(f"| {f'{-clock} s behind' if clock else 'right'} | {told} | {FEW} | {done} |")
        if clock:
            show_warnings(stage, host)
        stage.stop()
    n_late = sum(
        max(medians[BEHIND, broker].seconds) > max(medians[0, broker].seconds) + NOISE
        for broker in (True, False)
    )
    show("Publishes are late by a clock." if n_late else "No publish is late by a clock.")
    return n_late


def show_warnings(stage: Stage, host: Host) -> None:
    [line] = [line for line in host.output().splitlines() if "clock differs" in line][:1]
    show(f"log of {host.name}: {line}")
    health = [sys.executable, "manage.py", "related_health", "--json"]
    printed = stage.web.run(health, stage.environment)
    off = json.loads(printed.splitlines()[-1])["clocks_off"]
    show(f"related_health on web: clocks_off = {off}")


def show_cut(stage: Stage) -> int:
    stage.a.start_workers(stage.environment)
    stage.b.start_workers(stage.environment)
    done = cut_off(stage, seconds=SECONDS_CUT, n_changes=400, pace=0.4)
    show("\n| B cut off in a rebuild and in publishes | |\n|---|---|")
    for name, value in (
        ("away", f"{done.away:.0f} s"),
        ("until the locks that B held were free", f"{done.until_freed:.1f} s"),
        ("until A had taken over all that B held", f"{done.until_taken_over:.1f} s"),
        ("until B worked again after its return", f"{done.until_back:.1f} s"),
        ("until nothing waited, after the last change", f"{done.until_calm:.1f} s"),
        (
            "changes, refused, longest save",
            f"{done.n_changes}, {done.n_refused}, {done.longest_save:.2f} s",
        ),
        ("documents, suggestions compared", f"{done.n_documents:,}, {done.n_suggestions:,}"),
        ("stale, also after a cold rebuild", f"{done.n_stale}, {done.n_stale_after_rebuild}"),
    ):
        show(f"| {name} | {value} |")
    return done.n_stale + done.n_stale_after_rebuild


def start(stage: Stage, *hosts: Host, clock: int = 0) -> None:
    """Start the workers of these hosts alone, and let them read the corpus."""
    for host in hosts:
        host.start_workers(stage.environment, clock)
    publish(stage, N_WARM_UP * len(hosts), 0.0, seed=1)


def show(text: str) -> None:
    print(text, flush=True)
