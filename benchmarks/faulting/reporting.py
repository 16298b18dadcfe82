"""What a run of the fault suite prints."""

from __future__ import annotations

from benchmarks.faulting.running import Outcome, is_broker_only


def report(outcome: Outcome) -> str:
    """Two Markdown tables, the faults by kind and the promises; then what was broken."""
    lines = ["| fault | times |", "|---|---|"]
    lines += [f"| {name} | {n} |" for name, n in sorted(outcome.faults.items())]
    lines += [
        f"| {name} | not possible here: nothing may be mounted |" for name in outcome.impossible
    ]
    lines += [f"| {name}: starts again | {n} |" for name, n in outcome.restarts.items()]
    lines += ["", "| measure | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in measures(outcome).items()]
    lines += ["", *(f"BROKEN: {promise}" for promise in outcome.broken)]
    return "\n".join([*lines, "All promises held." if not outcome.broken else ""]).rstrip()


def measures(outcome: Outcome) -> dict[str, str]:
    plan, found = outcome.plan, outcome.findings
    saved = [s["seconds"] for s in outcome.saves if not s["error"]]
    during_broker = [s["seconds"] for s in outcome.saves if is_broker_only(outcome, s)]
    return {
        "database, seed": f"{plan.database}, {plan.seed}",
        "saves, faults": f"{len(saved):,}, {sum(outcome.faults.values())}",
        "traffic": f"{outcome.seconds_of_traffic:.0f} s, one save every {plan.pace * 1000:.0f} ms",
        "saves refused during faults of the database, made again": str(
            sum(bool(s["error"]) for s in outcome.saves)
        ),
        "longest save": f"{max(saved):.2f} s",
        "longest save while only the broker was away": f"{max(during_broker, default=0):.2f} s",
        "reads, answered with 200": f"{len(outcome.reads)}, "
        f"{sum(r['status'] == 200 for r in outcome.reads)}",
        "deadly texts set aside and seen": f"{len(outcome.set_aside)} after "
        f"{max((e['seconds'] for e in outcome.set_aside), default=0):.0f} s at most",
        "seconds until calm, with the rebuild at work": f"{outcome.seconds_until_calm:.0f}",
        "documents, lists, suggestions compared": f"{found['n_documents']:,}, "
        f"{found['n_neighbors']:,}, {found['n_suggestions']:,}",
        "stale documents": str(len(found["stale"])),
        "stale documents after a cold rebuild": str(len(found["stale_after_rebuild"])),
        "decisions": str(found["n_decisions"]),
        "decisions lost or changed": str(len(found["decisions"])),
        "operator actions": str(outcome.operator_actions),
    }
