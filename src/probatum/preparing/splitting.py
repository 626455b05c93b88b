"""Parts a set by domain: what a model may learn from, and what lies outside of that and shares nothing with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from probatum.errors import BadPlan
from probatum.preparing.overlaps import contaminated, index
from probatum.types import Example


def out_of_domain(
    examples: Sequence[Example], label: str, outside: Collection[str]
) -> tuple[list[Example], list[Example]]:
    """(inside, outside): the items whose `label` is one of `outside` are kept out of what is learnt from.

    Nothing passes between: an item inside that shares a group (a document, a patient) with one outside is left out, and
    so is one outside that stands inside by its runs of words or as a near-duplicate. Items without the label are left
    out too. Raises `BadPlan` where a part would be empty.
    """
    told = [(each, dict(each.labels).get(label)) for each in examples]
    kept_out = [each for each, value in told if value in outside]
    groups = {group for each in kept_out for group in each.groups}
    inside = [each for each, value in told if value and value not in outside and not groups.intersection(each.groups)]
    if not inside or not kept_out:
        values = ", ".join(sorted({value for _, value in told if value})) or "none"
        raise BadPlan(f"{label} = {', '.join(outside)} does not part the set", mend=f"its values are: {values}")
    there = {each.id for each in contaminated(index(inside), kept_out).overlaps}
    return inside, [each for each in kept_out if each.id not in there]
