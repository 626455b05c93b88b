"""Files read at several places give the same, in the same order, whoever dies over it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from importlib import import_module
from itertools import chain
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from counted import dying, mistaken, numbers, other_sentences, reader, refusing, sentences
from small_store import small_store
from typer.testing import CliRunner

from probatum.cli import app
from probatum.errors import BadFormat, BadPlan, NeedsExtra, NeedsFile
from probatum.formats import spreading
from probatum.knowledge import annotated_by
from probatum.naming import call
from probatum.retrievers.dense import dense
from probatum.sources.medline import medline
from probatum.sources.umls import umls
from probatum.store import writer
from probatum.store.writer import Written, write

ONE = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{0}</PMID><Article><ArticleTitle>
Made up {0}.</ArticleTitle></Article><MeshHeadingList><MeshHeading><DescriptorName UI="D{1:06}"
MajorTopicYN="Y">Heading {1} of {2}
</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation></PubmedArticle>"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(spreading, "SMALL", 0)
    made = [tmp_path / f"{number}.txt" for number in range(4)]
    for place, file in enumerate(made):
        file.write_text(" ".join(str(1000 * place + each) for each in range(900 * (place % 2) + 3)), encoding="utf-8")
    return made


def baseline(folder: Path) -> Path:
    """Files of citations, some of which a later file revises; a term bears another name in each file."""
    folder.mkdir()
    for place in range(1, 4):
        made = "".join(ONE.format(100 * place + each - 20 * (place > 1), each % 7, place) for each in range(100))
        file = folder / f"pubmed26n{place:04}.xml"
        file.write_text(f"<PubmedArticleSet>{made}</PubmedArticleSet>", encoding="utf-8")
    return folder


def loaded(folder: Path, files: Path) -> Written:
    return write(folder, medline(files))


def test_processes_give_the_same_in_the_same_order(files: list[Path]) -> None:
    wanted = list(chain.from_iterable(map(numbers, files[2:])))
    assert list(chain.from_iterable(spreading.each(numbers, files[2:]))) == wanted
    with spreading.processes(2):
        found = list(chain.from_iterable(spreading.each(numbers, files[2:])))
        assert found == wanted and len(found) > spreading.BATCH
        with pytest.raises(BadFormat, match="3000 is too much") as caught:
            list(chain.from_iterable(spreading.each(partial(numbers, most=2999), files[3:])))
        assert (caught.value.where, caught.value.mend) == (str(files[3]), "less")
    assert spreading._over.get() is spreading.here


def test_what_is_small_is_read_here(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "SMALL", 1 << 20)
    with spreading.processes(2), pytest.raises(ZeroDivisionError, match="True"):
        list(chain.from_iterable(spreading.each(partial(mistaken, home=os.getpid()), files)))


@pytest.mark.slow
def test_nobody_need_take_the_rest(files: list[Path]) -> None:
    with spreading.processes(2):
        found = spreading.each(numbers, files)
        assert next(next(found)) == 0
        found.close()  # type: ignore[attr-defined]
    assert not active_children()


@pytest.mark.slow
def test_a_process_that_is_killed_loses_nothing(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "graves").mkdir()
    with spreading.processes(2):
        read = partial(dying, grave=tmp_path / "graves")
        assert list(chain.from_iterable(spreading.each(read, files[1:]))) == list(
            chain.from_iterable(map(numbers, files[1:]))
        )
    died = {file.read_text(encoding="utf-8") for file in (tmp_path / "graves").iterdir()}
    assert len(died) == 2 and str(os.getpid()) not in died


def test_a_store_is_the_same_whoever_read_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "SMALL", 0)
    source = baseline(tmp_path / "files")
    alone = loaded(tmp_path / "alone", source)
    assert alone.written > 500
    with spreading.processes(2):
        assert loaded(tmp_path / "spread", source) == alone


@pytest.mark.slow
def test_rows_made_aside_are_the_same_also_where_their_maker_is_killed(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = write(tmp_path / "alone", sentences(files[1]))
    assert (alone.written, alone.quarantined) == (903, 1)
    monkeypatch.setattr(writer, "BATCH", 500)
    (tmp_path / "graves").mkdir()
    heard: list[int] = []
    with spreading.processes(1):
        again = partial(sentences, files[1], grave=tmp_path / "graves")
        first = write(tmp_path / "spread", sentences(files[1]), again=partial(sentences, files[1]), heard=heard.append)
        second = write(tmp_path / "killed", sentences(files[1]), again=again)
    assert first == second == alone and heard == [500, 904]
    (died,) = (file.read_text(encoding="utf-8") for file in (tmp_path / "graves").iterdir())
    assert died != str(os.getpid()) and not active_children()


@pytest.mark.slow
def test_files_that_change_while_they_are_read_are_refused(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BATCH", 500)
    again = partial(other_sentences, files[1], home=os.getpid())
    with spreading.processes(1), pytest.raises(BadFormat, match="counted is another release now"):
        write(tmp_path, again(), again=again)
    assert write(tmp_path, sentences(files[1])).resumed == 500


@pytest.mark.slow
def test_rows_are_made_here_where_other_processes_read_the_files(files: list[Path]) -> None:
    asked = partial(reader, files[0])
    home = os.getpid()
    assert not spreading.spare() and list(spreading.aside(asked)) == [home]
    with spreading.processes(1):
        assert spreading.spare() and list(spreading.aside(asked)) != [home]
        found = spreading.each(reader, files)
        assert next(next(found)) != home
        assert not spreading.spare() and list(spreading.aside(asked)) == [home]
        found.close()  # type: ignore[attr-defined]
        assert spreading.spare()
    assert not active_children()


@pytest.mark.slow
def test_a_mistake_is_seen_here_in_the_end(files: list[Path]) -> None:
    with spreading.processes(1), pytest.raises(ZeroDivisionError, match="True"):
        list(chain.from_iterable(spreading.each(partial(mistaken, home=os.getpid()), files)))


def test_without_ray_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(NeedsExtra, match=r"probatum\[ray\]"), spreading.cluster("auto"):
        pass


def test_without_a_cluster_everything_is_done_here(files: list[Path]) -> None:
    assert list(spreading.streamed(partial(numbers, files[0]))) == [0, 1, 2]
    assert [next(each) for each in spreading.mapped(numbers, files)] == [0, 1000, 2000, 3000]


@pytest.mark.slow
def test_where_no_cluster_answers_it_is_said() -> None:
    pytest.importorskip("ray")
    with pytest.raises(BadPlan, match="no Ray cluster answers"), spreading.cluster("auto"):
        pass


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster of two nodes of one processor each."""
    pytest.importorskip("ray")
    made: Any = import_module("ray.cluster_utils").Cluster
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))  # the workers' too
        nodes = made(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 80 << 20})
        try:
            nodes.add_node(num_cpus=1, object_store_memory=80 << 20)
            yield nodes.address
        finally:
            nodes.shutdown()


@pytest.mark.slow
def test_a_cluster_of_two_nodes_gives_the_same_and_a_dead_worker_loses_nothing(
    tmp_path: Path, files: list[Path], cluster: str
) -> None:
    source = baseline(tmp_path / "files")
    (tmp_path / "graves").mkdir()
    with spreading.cluster(cluster):
        spread = loaded(tmp_path / "spread", source)
        read = partial(dying, grave=tmp_path / "graves")
        found = list(chain.from_iterable(spreading.each(read, files[1:])))
        with pytest.raises(BadFormat, match="3000 is too much"):
            list(chain.from_iterable(spreading.each(partial(numbers, most=2999), files)))
    assert spread == loaded(tmp_path / "alone", source)
    assert found == list(chain.from_iterable(map(numbers, files[1:])))
    died = {file.read_text(encoding="utf-8") for file in (tmp_path / "graves").iterdir()}
    assert len(died) == 2 and str(os.getpid()) not in died


@pytest.mark.slow
def test_a_cluster_reads_the_tables_of_umls_side_by_side(
    tmp_path: Path, files: list[Path], tiny: Path, cluster: str
) -> None:
    with spreading.cluster(cluster):
        spread = list(umls(tiny / "sources/umls"))  # more tables at once than there are processors
        with pytest.raises(BadFormat, match="1 is too much"):
            list(spreading.streamed(partial(numbers, files[0], most=0)))
    assert spread == list(umls(tiny / "sources/umls")) and len(spread) > 50


@pytest.mark.slow
def test_a_cluster_annotates_as_one_process_does(tmp_path: Path, cluster: str) -> None:
    texts = [["No seizures, but splenomegaly."], ["Marfan syndrome", "nothing"], ["ectopia lentis " * 40]] * 3
    with small_store(tmp_path / "kb") as store:
        read = partial(annotated_by, store.path, "dictionary", (("languages", ("en",)),))
        with spreading.cluster(cluster):
            spread = list(spreading.mapped(read, texts))
            with pytest.raises(BadFormat, match="5 is too much"):
                list(spreading.mapped(refusing, [1, 5]))
        alone = call("annotators", "dictionary", store, languages=("en",))
        assert spread == [list(map(alone, part)) for part in texts] and all(part[0] for part in spread)
    (tmp_path / "t.txt").write_text("".join(f"{part[0]}\n" for part in texts), encoding="utf-8")
    words = ["--kb", str(tmp_path / "kb"), "annotate", str(tmp_path / "t.txt"), "--json"]
    here, there = (CliRunner().invoke(app, [*words, *more]) for more in ([], ["--ray", cluster]))
    assert there.output == here.output and here.output.count("Seizure") + here.output.count('"HP:0001250"') >= 3


@pytest.mark.slow
def test_a_cluster_embeds_as_one_process_does(tmp_path: Path, cluster: str) -> None:
    for name in ("onnx", "onnxruntime", "tokenizers"):
        pytest.importorskip(name)
    vectors = []
    for folder in ("alone", "spread"):
        with small_store(tmp_path / folder) as store:
            try:
                with spreading.cluster(cluster) if folder == "spread" else nullcontext():
                    dense(store)
            except NeedsFile as error:
                pytest.skip(str(error))
        (file,) = (tmp_path / folder).glob("indexes/*/vectors-minilm/vectors.npy")
        vectors.append(file.read_bytes())
    assert vectors[0] == vectors[1] and len(vectors[0]) > 4 * 384 * 4
