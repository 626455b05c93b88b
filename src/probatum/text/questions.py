"""What a question asks for: the words that carry its subject, and the aspect of it that is asked about."""

from __future__ import annotations

import re

from probatum.text.chinese import has_han
from probatum.text.normal import fold

# Closed classes of English and Spanish (articles, pronouns, prepositions, auxiliaries, question words): they say how
# something is asked, never what about.
FUNCTION_WORDS = frozenset(
    "a about after all also although am among an and any anybody anyone anything are as at be because been before "
    "being between both but by can could d did do does doing done during each either else etc ever every everyone "
    "few for from had has have having he hello her here hers herself hi him himself his how however i if in into "
    "is it its itself just ll m many may me might mine more most much must my myself neither no nor not now of "
    "off often on once one only onto or other our ours out over own per please quite rather re really s same "
    "shall she should since so some someone something somewhere still such t than thank thanks that the their "
    "theirs them themselves then there these they thing things this those though through thus to too toward under "
    "until up upon us ve very via was we were what whatever when where whether which while who whom whose why "
    "will with within without would yes yet you your yours yourself el la los las un una unos unas de del al y o "
    "u en con sin por para que qué que como cómo es son esta están fue su sus se hay cual cuales cuál cuáles "
    "cuando cuándo donde dónde mas más muy le les lo mi tu ese esa eso este esto si no".split()
)
# Words with which a question is put; alone they name no subject, but they may tell the aspect.
FRAME_WORDS = frozenset(
    "ask asked asking cause caused causes common commonly describe describes determine does explain find finding "
    "get gets give good happen happens happening help know known learn list lists look looking mean means meaning "
    "need needs often overview particular person people possible question recommend recommended relate related "
    "relationship say seen should show someone tell typical typically use used uses using usually want way ways "
    "work works".split()
)
_ASKED_IN_CHINESE = re.compile(
    "请问|什么样|为什么|是什么|有什么|什么|哪一种|哪一些|哪些|哪个|哪种|哪里|怎么样|怎么办|怎么|怎样|如何|为何|多少|几个|是否|"
    "是不是|有没有|能不能|可不可以|可以|能够|应该|需要|会不会|一般|通常|主要|常见的?|患者|病人|疾病|综合征|综合症|病|方式|由|"
    "吗|呢|吧|啊|了|的|是|有|会|和|与|及|或|在|对|被|把|我|你|您|他|她|它|们|这|那|都|也|就|请|告诉|介绍|一下|关于"
)

# Aspects, and the words that ask for them in English and Spanish (stems end in *, _ joins words) and in Chinese.
_ASPECTS: dict[str, tuple[str, str]] = {
    "phenotype": (
        "symptom* sign signs feature features manifestation* phenotyp* presentation characteristics look_like "
        "sintoma* síntoma* signos rasgos manifestacion*",
        "症状|体征|表现|特征|特点|表型|征象",
    ),
    "frequency": (
        "frequent frequently frequency frequencies how_often how_common how_likely percentage proportion frecuen*",
        "频率|多常见|常见程度|比例|多见|百分|几率|概率",
    ),
    "inheritance": (
        "inherit* heredit* genetic autosomal recessive dominant x-linked familial run_in_families runs_in_families "
        "passed_down heren* hered*",
        "遗传|显性|隐性|家族性",
    ),
    "gene": ("gene genes genetic mutation* mutated variant variants locus gen genes mutacion*", "基因|突变|变异"),
    "onset": ("onset age ages how_old inicio edad", "发病年龄|起病|发病|几岁|年龄"),
    "definition": (
        "define defined definition definitions meaning mean means",
        "是什么|定义|什么是|含义|何为|什么叫|啥是",
    ),
    "diseases": (
        "which_disease* which_disorder* which_syndrome* which_condition* what_disease* what_disorder* what_syndrome* "
        "what_condition* diseases_with disorders_with syndromes_with conditions_with differential que_enfermedad* "
        "qué_enfermedad* enfermedades_con",
        "哪些疾病|哪些病|什么病|什么疾病|哪种病|哪种疾病|哪些综合征|综合征有哪些|疾病有哪些|见于",
    ),
    "treatment": (
        "treat treats treated treating treatment* therapy therapies therapeutic* medication* medicine* drug drugs cure "
        "cured cures surgery manage managed management dose dosage tratamiento* tratar cura",
        "治疗|疗法|用药|药物|治愈|手术|怎么治|吃什么药|剂量",
    ),
    "diagnosis": (
        "diagnos* test tests tested testing detect* screen screening exam exams pruebas",
        "诊断|检查|确诊|筛查|检测",
    ),
    "cause": (
        "cause causes caused causing reason reasons etiology aetiology causa causas",
        "原因|病因|为什么|导致|引起",
    ),
    "outlook": (
        "prognosis outlook survival life_expectancy outcome outcomes complication* long-term_effects pronostico*",
        "预后|存活|寿命|后果|并发症",
    ),
    "prevention": (
        "prevent prevents prevented prevention avoid vaccine* vaccin* prevenir prevencion",
        "预防|避免|疫苗",
    ),
    "transmission": ("transmit* spread spreads contagious infectious caught contagio*", "传染|传播|感染途径"),
    "risk": ("at_risk risk_factor* susceptible susceptibility riesgo", "风险|危险因素|易感"),
    "research": ("research clinical_trial* studies", "研究|临床试验"),
    "support": (
        "support support_group* organization* specialist* specializes",
        "互助|支持组织|看什么科|挂什么科|哪个科",
    ),
    "occurrence": ("how_many prevalence incidence epidemiology", "患病率|发病率|多少人"),
}
# Aspects that a relation can answer; the others are answered by texts.
ABOUT_RELATIONS = frozenset(("phenotype", "frequency", "inheritance", "gene", "onset", "diseases"))
# With no other aspect: what a thing is.
_WHAT = re.compile(r"^\W*(?:what(?:'s| is| are| is \(are\))|qu[eé] (?:es|son))\b")
_WORD = re.compile(r"[^\W_]+")


def _pattern(words: str) -> re.Pattern[str]:
    said = (word.replace("_", " ") for word in words.split())
    parts = (re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in said)
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


_CUES = {aspect: (_pattern(words), re.compile(chinese)) for aspect, (words, chinese) in _ASPECTS.items()}


def aspects(question: str) -> tuple[str, ...]:
    """The aspects of its subject that a question asks about, in a fixed order: phenotype, gene, treatment ...

    An aspect is told by its words; a question without any of them asks about its subject as a whole.
    """
    folded = fold(question)
    found = tuple(aspect for aspect, cues in _CUES.items() if any(cue.search(folded) for cue in cues))
    return found or (("definition",) if _WHAT.search(folded) else ())


def without_aspects(text: str) -> str:
    """The text folded, without the words that tell an aspect: they say what is asked of a subject, not which one."""
    folded = fold(text)
    for english, chinese in _CUES.values():
        folded = chinese.sub(" ", english.sub(" ", folded))
    return " ".join(folded.split())


def without_frame(question: str) -> str:
    """The question folded, without the words that only put it: articles, pronouns, question words; Chinese alike."""
    folded = fold(question)
    if has_han(folded):
        folded = _ASKED_IN_CHINESE.sub(" ", folded)
    kept = _WORD.sub(lambda found: "" if found[0] in FUNCTION_WORDS else found[0], folded)
    return " ".join(kept.split())


def is_frame(word: str) -> bool:
    """Whether a folded word names no subject: a function word or one with which questions are put."""
    return word in FUNCTION_WORDS or word in FRAME_WORDS
