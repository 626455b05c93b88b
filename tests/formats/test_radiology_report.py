"""Reports divided by their heads, whatever these are called and wherever they stand."""

from __future__ import annotations

from probatum.formats.radiology_report import sections

REPORT = """
                                 FINAL REPORT
 EXAMINATION:  CHEST (PA AND LAT)

 REASON FOR EXAM:  Cough.
 FINDINGS:
 Clear lungs.
   Ratio 1:2 seen; Note: no nodule.

 CONCLUSION: Normal.
 FINDINGS: Old fracture.
 COMPARISON: ___.
"""


def test_sections_and_their_names() -> None:
    assert sections(REPORT) == (
        ("", "FINAL REPORT"),
        ("examination", "CHEST (PA AND LAT)"),
        ("indication", "Cough."),
        ("findings", "Clear lungs. Ratio 1:2 seen; Note: no nodule. Old fracture."),
        ("impression", "Normal."),
    )


def test_a_text_without_heads_is_one_section() -> None:
    assert sections("Nothing\n is amiss.") == (("", "Nothing is amiss."),)
    assert sections(" \n") == ()
