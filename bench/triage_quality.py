"""How often triage is right, on real messages nobody here wrote. Prints figures; keeps nothing.

    python bench/triage_quality.py MESSAGES.csv [--fit]

MESSAGES.csv has the columns id, label, text; label is one of seven top-level classes. The pack's categories are mapped to
them below. Even ids were looked at while the word list and the weights were made; the figures that count are the odd ids.
`--fit` prints the three numbers of the confidence curve, fitted on the even ids.
"""

import argparse
import csv
import statistics
import sys
import time
from collections import Counter, defaultdict
from math import exp, log
from pathlib import Path

import yaml

from linli.engines.triage import CategoryWords, Proposal, Triage

PACK = Path(__file__).resolve().parent.parent / "packs" / "binzhou" / "matters" / "categories.yaml"

BUILD, LABOUR, SCHOOL, TRADE, AIR, HEALTH, TRAFFIC = (
    "城乡建设", "劳动和社会保障", "教育文体", "商贸旅游", "环境保护", "卫生计生", "交通运输",
)  # fmt: skip
GROUPS = {
    "city-appearance": BUILD,
    "roads-lights": BUILD,
    "transport": TRAFFIC,
    "utilities": BUILD,
    "housing": BUILD,
    "building-land": BUILD,
    "environment": AIR,
    "employment": LABOUR,
    "market": TRADE,
}
# Where the seven classes draw the line elsewhere than the pack's groups do: lifts are special equipment, which the classes
# count under trade; health insurance is social security; a bus stop is city works, a bus on a country road is traffic.
CATEGORIES = {
    "lift": TRADE, "lift-trapped": TRADE, "medical-insurance": LABOUR, "pension": LABOUR, "hospital": HEALTH,
    "vaccination": HEALTH, "family-planning": HEALTH, "school-entry": SCHOOL, "school-conduct": SCHOOL,
    "public-area-village": SCHOOL, "bus": BUILD, "parking-space": BUILD, "illegal-parking": BUILD,
    "traffic-signal": TRAFFIC, "gig-workers": TRAFFIC, "production-safety": AIR, "fire-hazard": BUILD,
    "fire-passage": BUILD, "corridor-clutter": BUILD, "falling-object": BUILD, "environmental-crime": AIR,
    "river-rubbish": AIR, "food-safety": TRADE, "unlicensed-trade": TRADE, "rural-road": TRAFFIC, "training": SCHOOL,
}  # fmt: skip


def main() -> None:
    """Read the messages, propose for each, print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("messages", type=Path)
    parser.add_argument("--fit", action="store_true", help="fit the confidence curve on the even ids")
    options = parser.parse_args()
    if not options.messages.exists():
        sys.exit(f"{options.messages}: not here; the figures cannot be made without real messages")
    triage, top = load()
    halves: dict[int, list[tuple[str, Proposal]]] = {0: [], 1: []}
    took = []
    with options.messages.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            began = time.perf_counter()
            proposal = triage.propose(row["text"])
            took.append((time.perf_counter() - began) * 1000)
            halves[int(row["id"]) % 2].append((row["label"], proposal))
    print(f"{len(took)} messages, {statistics.median(took):.3f} ms each (median), {max(took):.2f} ms at most")
    for parity, name in ((0, "even ids (looked at)"), (1, "odd ids (held out)")):
        report(name, halves[parity], top)
    if options.fit:
        fit(halves[0], top)


def load() -> tuple[Triage, dict[str, str]]:
    """The pack's categories in the engine, and the top-level class of each that has one."""
    items = [item for item in yaml.safe_load(PACK.read_text(encoding="utf-8"))["items"] if item["code"] != "other"]
    triage = Triage(
        CategoryWords(item["code"], item["name"], tuple(map(str, item["words"])), tuple(item["examples"]))
        for item in items
    )
    top = {item["code"]: CATEGORIES.get(item["code"]) or GROUPS.get(item["group"], "") for item in items}
    return triage, top


def report(name: str, answers: list[tuple[str, Proposal]], top: dict[str, str]) -> None:
    """Accuracy, coverage, the classes one by one, and whether the confidence can be believed."""
    total = len(answers)
    proposed = [(label, proposal, top[proposal.category_code]) for label, proposal in answers if proposal.category_code]
    placed = [(label, proposal, guess) for label, proposal, guess in proposed if guess]
    right = sum(label == guess for label, _, guess in placed)
    print(f"\n{name}: {total} messages")
    print(
        f"  a category was proposed for {len(proposed) / total:.1%}; it has one of the seven classes for {len(placed) / total:.1%}"
    )
    print(f"  right: {right / total:.1%} of all, {right / max(1, len(placed)):.1%} of those with a class")
    three = sum(
        label in {top[code] for code in (proposal.category_code, *(a.category_code for a in proposal.alternatives[:2]))}
        for label, proposal, _ in proposed
    )
    print(f"  the class is among the first three proposals: {three / total:.1%} of all")
    print(
        f"  always saying the commonest class would be right for {Counter(label for label, _ in answers).most_common(1)[0][1] / total:.1%}"
    )
    for label in sorted({label for label, _ in answers}):
        guessed = Counter(guess or "outside" for given, _, guess in proposed if given == label)
        wanted = sum(given == label for given, _ in answers)
        claimed = sum(guess == label for _, _, guess in placed)
        print(
            f"  {label:　<8} n={wanted:<4} recall {guessed[label] / wanted:.2f} precision {guessed[label] / max(1, claimed):.2f}"
            f"   missed as {', '.join(f'{other} {n}' for other, n in guessed.most_common(4) if other != label)}"
        )
    bins: defaultdict[int, list[bool]] = defaultdict(list)
    for label, proposal, guess in proposed:
        bins[min(9, int(proposal.confidence * 10))].append(label == guess)
    print(
        "  confidence → right:",
        ", ".join(f"{at / 10:.1f}+ {sum(hits) / len(hits):.2f} (n={len(hits)})" for at, hits in sorted(bins.items())),
    )
    gap = sum(abs(sum(hits) - len(hits) * (at + 0.5) / 10) for at, hits in bins.items()) / max(1, len(proposed))
    print(f"  expected calibration error {gap:.3f}")


def fit(answers: list[tuple[str, Proposal]], top: dict[str, str]) -> None:
    """Logistic regression of being right on log strength and lead, by plain gradient descent."""
    rows = [
        (log(proposal.strength), 1 - proposal.second / proposal.strength, float(label == top[proposal.category_code]))
        for label, proposal in answers
        if proposal.category_code
    ]
    bias = strength = lead = 0.0
    for _ in range(6_000):
        slopes = [0.0, 0.0, 0.0]
        for x, y, right in rows:
            off = 1 / (1 + exp(-(bias + strength * x + lead * y))) - right
            slopes = [slopes[0] + off, slopes[1] + off * x, slopes[2] + off * y]
        bias, strength, lead = (
            value - 0.15 * slope / len(rows) for value, slope in zip((bias, strength, lead), slopes, strict=True)
        )
        if max(map(abs, slopes)) < 2e-4 * len(rows):
            break
    print(f"\nfitted: bias {bias:.2f}, strength {strength:.2f}, lead {lead:.2f}")


if __name__ == "__main__":
    main()
