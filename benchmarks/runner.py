"""Runs everything, alternating between contenders, and collects tidy rows."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .jobs import load
from .probes.inference import SIZES, STREAMS
from .rivals import RIVALS
from .worker import Worker

# Batch sizes for Keras' predict: its default, and two that spare it calls.
PREDICT_BATCHES = (32, 1024, 10_000)


def run_all(plan, jobs, contenders, *, probes=True):
    """Run the plan and yield one row per measurement.

    Parameters
    ----------
    plan : Plan
    jobs : list of str
        Names of jobs.
    contenders : list of str
        Names of rivals; the probes run if skseq is among them.
    probes : bool
        Whether anything is measured beside the jobs.

    Yields
    ------
    dict
        ``measure``, ``contender``, ``round``, ``seconds`` and what else it brought.
    """
    with _workers(contenders) as workers:
        for job in jobs:
            yield from _job(plan, job, workers)
        probes = probes and "skseq" in contenders
        if probes:
            yield from _searches(plan, workers)
            yield from _predictions(plan, workers)
            yield from _forward_passes(plan, workers)
    if probes:
        yield from _imports(plan)
        yield from _starts(plan)
        yield from _step_times(plan)
        yield from _memory(plan)
        yield from _vocabulary(plan)
        yield from _pipeline()


@contextmanager
def _workers(names):
    workers = {name: Worker() for name in names}
    try:
        yield workers
    finally:
        for worker in workers.values():
            worker.close()


def _job(plan, name, workers) -> Iterator[dict]:
    """One job by every contender in turn, round after round, after one to warm up."""
    part = plan.share * min(plan.loop_share, load(name).loop_share)
    rivals = load(name).rivals or workers
    able = {name: worker for name, worker in workers.items() if name in rivals}
    for round_ in range(-1, plan.rounds):
        for contender in list(able):
            rival = RIVALS[contender]
            if round_ < 0 and rival.fresh:
                continue
            share = part if rival.slow else plan.share
            answer = _train(rival, able[contender], name, max(round_, 0), share)
            if "not_expressible" in answer:
                del able[contender]
                yield _row(name, contender, 0, **answer)
            elif round_ >= 0:
                yield _row(name, contender, round_, **_scaled(answer, plan, share))
    if part < plan.share:
        yield from _after_part(name, able, part, plan.rounds)


def _after_part(name, able, part, rounds):
    """Losses of the fast contenders after as many updates as the slow ones made."""
    for contender, worker in able.items():
        rival = RIVALS[contender]
        if rival.slow or rival.fresh:
            continue
        for round_ in range(rounds):
            answer = _train(rival, worker, name, round_, part)
            seconds = answer["setup"] + answer["loop"]
            yield _row(f"{name} in part", contender, round_, seconds=seconds, **answer)


def _train(rival, worker, name, seed, share):
    target = f"benchmarks.rivals.{rival.module}:run"
    arguments = {"name": name, "seed": seed, "share": share, **rival.options}
    if not rival.fresh:
        return worker.call(target, **arguments)
    with Worker() as new:
        return new.call(target, **arguments)


def _scaled(answer, plan, share):
    """Add the seconds of the whole job; only what grows with it is scaled up."""
    done = share / plan.share
    return answer | {"seconds": answer["setup"] + answer["loop"] / done, "done": done}


def _searches(plan, workers):
    """The grid search, in a process that has fitted and in a new one."""
    probe = "benchmarks.probes.grid_search"
    for round_ in range(plan.rounds):
        warm = workers["skseq"].call(f"{probe}:skseq", share=plan.share)
        yield _row("search", "skseq", round_, **warm)
        with Worker() as new:
            first = new.call(f"{probe}:skseq_first", share=plan.share)
        yield _row("search", "skseq-first", round_, **first)
        if "tutorial" in workers:
            loop = workers["tutorial"].call(f"{probe}:tutorial", share=plan.share)
            yield _row("search", "tutorial", round_, **loop)


def _predictions(plan, workers):
    """10,000 predictions, after one to warm up; Keras at several batch sizes."""
    probe = "benchmarks.probes.predict"
    for round_ in range(-1, plan.rounds):
        answers = {"skseq": workers["skseq"].call(f"{probe}:skseq")}
        if "keras-fit" in workers:
            for size in PREDICT_BATCHES:
                answer = workers["keras-fit"].call(f"{probe}:keras", batch_size=size)
                answers[f"model.predict, batch {size}"] = answer
        if round_ >= 0:
            for contender, answer in answers.items():
                yield _row("predict", contender, round_, **answer)


def _forward_passes(plan, workers):
    """Predictions at several sizes, and single steps, contenders taking turns."""
    probe = "benchmarks.probes.inference"
    for round_ in range(-1, plan.rounds):
        for size in SIZES:
            answers = {"skseq": workers["skseq"].call(f"{probe}:skseq", size=size)}
            for name in ("torch-1", "torch-2"):
                if name in workers:
                    threads = RIVALS[name].options["threads"]
                    answers[name] = workers[name].call(
                        f"{probe}:torch", size=size, threads=threads
                    )
            if "keras-fit" in workers:
                for batch in PREDICT_BATCHES:
                    answers[f"model.predict, batch {batch}"] = workers[
                        "keras-fit"
                    ].call(f"{probe}:keras", size=size, batch_size=batch)
            if round_ >= 0:
                for contender, answer in answers.items():
                    yield _row(f"predict, {size}", contender, round_, **answer)
        for units in STREAMS:
            answer = workers["skseq"].call(f"{probe}:skseq_step", units=units)
            if round_ >= 0:
                yield _row(f"stream, {units} units", "skseq", round_, **answer)


# Measures, and the modules that take turns, each with a name that is asked for.
IMPORTS = {
    "import": {"skseq": None, "sklearn": None},
    "import of an estimator": {
        "skseq": "StatefulLSTMClassifier",
        "sklearn.neural_network": "MLPClassifier",
    },
}


def _imports(plan):
    target = "benchmarks.probes.import_time:measure"
    for measure, modules in IMPORTS.items():
        for round_ in range(2 * plan.rounds + 1):
            for module, name in modules.items():
                with Worker() as new:
                    answer = new.call(target, module=module, name=name)
                yield _row(measure, module, round_, **answer)


def _starts(plan):
    """A saved model loaded and asked, from the start of a process."""
    with Worker() as worker:
        for round_ in range(plan.rounds):
            answer = worker.call("benchmarks.probes.start:measure")
            yield _row("start", "skseq", round_, **answer)


def _step_times(plan):
    """Seconds per step at every length, lengths taking turns in one process."""
    with Worker() as worker:
        for round_ in range(plan.rounds):
            for truncated in (None, 1):
                for length, n_steps in plan.step_counts.items():
                    answer = worker.call(
                        "benchmarks.probes.step_time:skseq",
                        length=length,
                        truncated=truncated,
                        n_steps=n_steps,
                    )
                    kind = "whole" if truncated is None else "truncated"
                    yield _row(f"step, {kind}", str(length), round_, **answer)


def _memory(plan):
    for n_fits, n_first, n_shapes in plan.memory:
        with Worker() as worker:
            answer = worker.call(
                "benchmarks.probes.memory:skseq",
                n_fits=n_fits,
                n_first=n_first,
                n_shapes=n_shapes,
            )
        yield _row("memory", f"{n_fits} fits of {n_shapes} shapes", 0, **answer)


def _vocabulary(plan):
    """A fit to texts of 20,000 words, and its peak."""
    with Worker() as worker:
        answer = worker.call("benchmarks.probes.vocabulary:skseq", n_texts=plan.texts)
    yield _row("vocabulary", "skseq", 0, **answer)


def _pipeline():
    """What a small pipeline costs, and how many of its processes need TensorFlow."""
    with Worker() as worker:
        answer = worker.call("benchmarks.probes.pipeline:quick")
    yield _row("pipeline", "skseq", 0, **answer)


def _row(measure, contender, round_, **values):
    """Make a tidy row and say on the terminal that it is there."""
    row = {"measure": measure, "contender": contender, "round": round_, **values}
    shown = {
        k: values[k] for k in ("seconds", "loss", "not_expressible") if k in values
    }
    print(time.strftime("%H:%M:%S"), measure, contender, shown, file=sys.stderr)
    return row
