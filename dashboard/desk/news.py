"""What the data page asks every moment: did anything change, and how do the jobs get on."""

from __future__ import annotations

from typing import Any

from dashboard.desk.desk import WORKER_SEEN_WITHIN, WORKER_TAKES_WITHIN, Desk

ACTIVE = ("waiting", "running")


def news(desk: Desk, job_id: int | None) -> dict[str, Any]:
    """Tell the jobs under way, and two marks that change when something else must be drawn.

    Args:
        desk: the operator's.
        job_id: the job the page shows, if it shows one.

    Returns:
        side: mark of the lists; work: mark of the job shown; jobs: for each that waits or
        runs, and the one shown, its state and progress.
    """
    found, jobs = desk.news(), desk.active_jobs(job_id)
    absent = no_worker(jobs)
    shown = next((job["state"] for job in jobs if job["job_id"] == job_id), "")
    side = f"{found['states']} {found['last_batch']} {found['undone']} {absent}"
    return {
        "side": side,
        # A view of a job changes with its job alone: somebody may be typing in it.
        "work": f"{job_id}{shown}{absent and shown in ACTIVE}" if job_id else side,
        "absent": absent,
        "jobs": [progress_of(job) for job in jobs],
    }


def no_worker(jobs: list[dict[str, Any]]) -> bool:
    """Whether a job waits that a worker would have taken by now, and none is at work."""
    at_work = any(
        job["state"] == "running" and job["read_at"] - _seen(job) <= WORKER_SEEN_WITHIN
        for job in jobs
    )
    waits = any(
        job["state"] == "waiting" and job["read_at"] - job["asked_at"] > WORKER_TAKES_WITHIN
        for job in jobs
    )
    lost = any(job["state"] == "running" for job in jobs)
    return not at_work and (waits or lost)


def progress_of(job: dict[str, Any]) -> dict[str, Any]:
    """Describe how a job gets on.

    Returns:
        job, state, step, done and total (rows; total 0 where unknown), rows_per_s, seconds
        since it began or was asked for, and eta_s (``None`` where unknown).
    """
    progress = job["progress"] or {}
    done, total = int(progress.get("done") or 0), int(progress.get("total") or 0)
    rate = float(progress.get("rows_per_s") or 0)
    end = job["finished_at"] or job["read_at"]
    seconds = (end - (job["started_at"] or job["asked_at"])).total_seconds()
    return {
        "job": job["job_id"],
        "state": job["state"],
        "step": str(progress.get("step") or ""),
        "done": done,
        "total": total,
        "rows_per_s": rate,
        "seconds": max(0.0, seconds),
        "eta_s": (total - done) / rate if rate and total > done else None,
    }


def _seen(job: dict[str, Any]) -> Any:
    return job["seen_at"] or job["started_at"] or job["asked_at"]
