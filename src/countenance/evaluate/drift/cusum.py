"""A sequential test on a rate of good outcomes: Bernoulli CUSUM on whole numbers, its run lengths computed exactly.

Each good outcome lowers a sum by 1, never below 0; each other one raises it by ``rise``; at ``limit`` it signals and
starts again. That is Page's CUSUM of the log-likelihood ratio of two rates, scaled so that both steps are whole
(Reynolds and Stoumbos 1999), so that a state is one integer, survives any restart, and has a finite Markov chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil, expm1, log

DAILY_VOLUME = 2_000
"""Captured people a day at one checkpoint for which "silent for 30 days" is promised."""
QUIET_DAYS = 30


@dataclass(frozen=True, slots=True)
class Cusum:
    """A test of one rate against a lower one."""

    good: float
    """The rate at which it stays silent."""
    bad: float
    """The rate it was made to notice."""
    rise: int
    limit: int

    @classmethod
    def between(cls, good: float, bad: float, nats: float) -> Cusum:
        """Return the test of ``good`` against ``bad`` that signals at a log-likelihood ratio of about ``nats``.

        Raises:
            ValueError: not 0 < bad < good < 1, or no evidence asked for.
        """
        if not 0 < bad < good < 1 or nats <= 0:
            message = f"no test between {good} and {bad} at {nats}"
            raise ValueError(message)
        unit = log(good / bad)
        return cls(good, bad, round(log((1 - bad) / (1 - good)) / unit), ceil(nats / unit))

    def advance(self, total: int, good: int, others: int) -> tuple[int, int]:
        """Return the sum after ``good`` good and ``others`` other outcomes, and how many signals there were.

        Their order is not known, so they are taken as evenly mixed.

        Raises:
            ValueError: a number is negative.
        """
        if min(total, good, others) < 0:
            message = "outcomes and sums are not negative"
            raise ValueError(message)
        signals, everybody, due = 0, good + others, 0
        for _ in range(everybody):
            due += others
            if due >= everybody:
                due -= everybody
                total += self.rise
                if total >= self.limit:
                    signals, total = signals + 1, 0
            else:
                total = max(total - 1, 0)
        return total, signals

    def expected(self, share: float) -> float:
        """Return the mean number of people until a signal from 0, exactly, when a ``share`` of them is good."""
        return _mean_run(self.rise, self.limit, share)

    def within(self, share: float, confidence: float = 0.99) -> int:
        """Return the number of people within which a signal comes from 0 with this probability, exactly.

        For rates the test was made to notice: the time it takes grows with the answer.
        """
        return _quantile(self.rise, self.limit, share, confidence)

    def false_alarm(self, people: int) -> float:
        """Return the probability of a false signal among ``people`` while the rate stays ``good``.

        The time until a rare signal is exponential but for its beginning (Aldous 1989), which errs on the safe side.
        """
        return -expm1(-people / self.expected(self.good))


@cache
def _mean_run(rise: int, limit: int, share: float) -> float:
    """Solve E(s) = 1 + p E(s - 1) + q E(s + rise), E(0) = 1 + p E(0) + q E(rise), E = 0 from ``limit`` on.

    E(s) is written as a constant and a sum over E(s + 1 … s + rise), all of them positive, so nothing cancels.
    """
    p, q = share, 1 - share
    rows: list[tuple[float, list[float]]] = [(1 / q, [0.0] * (rise - 1) + [1.0])]
    for _ in range(1, limit):
        constant, ahead = rows[-1]
        scale = 1 - p * ahead[0]
        further = [p * weight / scale for weight in ahead[1:]] + [q / scale]
        rows.append(((1 + p * constant) / scale, further))
    means = [0.0] * (limit + rise)
    for state in range(limit - 1, -1, -1):
        constant, ahead = rows[state]
        means[state] = constant + sum(w * means[state + at] for at, w in enumerate(ahead, start=1))
    return means[0]


@cache
def _quantile(rise: int, limit: int, share: float, confidence: float) -> int:
    """Follow the chain's distribution until ``confidence`` of it has signalled."""
    p, q = share, 1 - share
    mass, people = [1.0] + [0.0] * (limit - 1), 0
    while sum(mass) > 1 - confidence:
        down = [p * one for one in mass]
        moved = [*down[1:], 0.0]
        moved[0] += down[0]
        for state in range(limit - rise):
            moved[state + rise] += q * mass[state]
        mass, people = moved, people + 1
    return people


MATCH_RATE = Cusum.between(0.98, 0.93, 12.0)
"""The test on matched ÷ captured (CBP-6, CBP-11): made to notice 93 %, silent at 98 %."""
