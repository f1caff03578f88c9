"""Print how well rankings agree with what is known of O*NET's people, beside what others would use.

    python tests/benchmarks/quality.py --onet DIR [--seeds 4 5 6] [--mentors 400] [--mentees 1000] [--model MODEL]

``DIR`` is a folder with O*NET tables and its make_people.py. Each matcher ranks the same people three times: as they
are, cut to ten words each, and these with one word of four letters or more in ten misspelt. ``MODEL`` is a folder with
a sentence-embedding model that the library sentence-transformers reads; nothing is downloaded. The figure is the mean
nDCG@10 over the mentees for whom anyone is relevant, then over seeds; behind it stand half the width of its 95 %
interval over all mentees, and its ratio to scikit-learn's default.
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, vstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

from wayfellow_tfidf import TfidfMatcher
from wayfellow_tfidf.identity import digest
from wayfellow_tfidf.profiles import weigh
from wayfellow_tfidf.tokens import tokenise
from wayfellow_tfidf.vocabulary import learn

People = list[list[str]]
Matcher = Callable[[People, People], NDArray[np.float64]]
BASELINE = "TfidfVectorizer, default"
TIERS = {"Primary-Short": 2, "Primary-Long": 1, "Supplemental": 1}
SHORT = 10
"""Words of a short profile."""
MISSPELT = 0.1
"""Share of the words that are misspelt."""


@dataclass(frozen=True)
class Known:
    """Hold people of one seed, and relevance int (n_mentees, n_mentors) from 0 to 3."""

    mentors: People
    mentees: People
    relevance: NDArray[np.int8]

    def ndcg(self, scores: NDArray[np.float64], k: int = 10) -> NDArray[np.float64]:
        """Return nDCG@k with gain 2**relevance - 1, for each mentee for whom anyone is relevant."""
        discount = 1 / np.log2(np.arange(k) + 2)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        gain = 2.0**self.relevance - 1
        got = np.take_along_axis(gain, order, axis=1) @ discount
        best = -np.sort(-gain, axis=1)[:, :k] @ discount
        return got[best > 0] / best[best > 0]

    def shortened(self) -> Known:
        """Return the same people with ten words each."""
        return Known([_short(one) for one in self.mentors], [_short(one) for one in self.mentees], self.relevance)

    def misspelt(self) -> Known:
        """Return the same people with some words misspelt, always the same ones."""
        rng = random.Random(0)
        sides = ([_misspell(person, rng) for person in side] for side in (self.mentors, self.mentees))
        return Known(*sides, self.relevance)


def main() -> None:
    """Print the tables that the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onet", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--mentors", type=int, default=400)
    parser.add_argument("--mentees", type=int, default=1000)
    parser.add_argument("--model", help="a folder with a sentence-embedding model")
    parser.add_argument("--only", nargs="+", metavar="MATCHER", help="these matchers alone, after the first")
    options = parser.parse_args()
    matchers = {name: one for name, one in MATCHERS.items() if name in (options.only or MATCHERS) or name == BASELINE}
    people = [known_people(options.onet, seed, options.mentors, options.mentees) for seed in options.seeds]
    print(f"nDCG@10, {options.mentors} mentors, {options.mentees} mentees, seeds {options.seeds}\n")
    if embeddings := sentence_embeddings(options.model):
        matchers |= {"sentence embeddings": embeddings}
    columns = (cell for column in ("long", "ten words", "misspelt") for cell in (column, "+-", "ratio"))
    for row in chain([("matcher", *columns)], compare(people, matchers)):
        print(f"{row[0]:44}" + "".join(f"{cell:>11}" for cell in row[1:]), flush=True)


def compare(people: Sequence[Known], matchers: Mapping[str, Matcher]) -> Iterator[tuple[str, ...]]:
    """Yield for each matcher its name, and for long, short and misspelt profiles: nDCG@10, half its interval, ratio.

    The first matcher is what ratios are to.
    """
    bases: list[float] = []
    short = [one.shortened() for one in people]
    for name, matcher in matchers.items():
        row: tuple[str, ...] = (name,)
        for position, sides in enumerate((people, short, [one.misspelt() for one in short])):
            each = np.concatenate([one.ndcg(matcher(one.mentors, one.mentees)) for one in sides])
            if len(bases) == position:
                bases.append(float(each.mean()))
            half = 1.96 * each.std() / np.sqrt(len(each))
            row += (f"{each.mean():.3f}", f"{half:.3f}", f"{each.mean() / bases[position]:.2f}")
        yield row


def known_people(onet: Path, seed: int, mentors: int = 400, mentees: int = 1000) -> Known:
    """Return the people that make_people.py makes of the tables in ``onet``."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = ["--mentors", str(mentors), "--mentees", str(mentees), "--seed", str(seed)]
        command = [sys.executable, str(onet / "make_people.py"), *sizes, "--out", folder, "--onet", str(onet)]
        subprocess.run(command, check=True, capture_output=True)
        read = {name: _rows(Path(folder) / f"{name}.csv") for name in ("mentors", "mentees", "truth")}
    code = {row["person_id"]: row["code"] for row in read["truth"]}
    tiers = {(row["code"], row["related_code"]): TIERS[row["tier"]] for row in _rows(onet / "related.csv")}
    codes = [[code[row["person_id"]] for row in read[side]] for side in ("mentees", "mentors")]
    relevance = [[3 if one == other else tiers.get((one, other), 0) for other in codes[1]] for one in codes[0]]
    return Known(
        [[row["job_title"], row["expertise"], row["skills"]] for row in read["mentors"]],
        [[row["goals"], row["skills_to_learn"]] for row in read["mentees"]],
        np.array(relevance, dtype=np.int8),
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _short(person: list[str]) -> list[str]:
    """Keep the title, up to two skills of three words, and of the long text what makes it ten words."""
    skills = "; ".join(person[-1].split("; ")[:2]).split()[:3]
    title = person[0].split()[:4] if len(person) > 2 else []
    rest = person[-2].split()[: SHORT - len(title) - len(skills)]
    return [" ".join(words) for words in (title, rest, skills)][3 - len(person) :]


def _misspell(person: list[str], rng: random.Random) -> list[str]:
    """Swap two letters, leave one out, double one or put another, each in a fourth of the words that are hit."""

    def misspell(word: str) -> str:
        if len(word) < 4 or rng.random() >= MISSPELT:
            return word
        place = rng.randrange(1, len(word) - 1)
        before, letter, after = word[:place], word[place], word[place + 1 :]
        ways = (after[0] + letter + after[1:], after, letter * 2 + after, rng.choice("aeinrst") + after)
        return before + rng.choice(ways)

    return [" ".join(misspell(word) for word in text.split()) for text in person]


def sentence_embeddings(model: str | None) -> Matcher | None:
    """Return a matcher of cosines between sentence embeddings of joined texts; None, and say why, where none is here.

    The model must be on this machine: a benchmark that downloads measures something else each time.
    """
    if not model or not Path(model).is_dir():
        print("Sentence embeddings are left out: name the folder of a model with --model DIR.\n")
        return None
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        print("Sentence embeddings are left out: the library sentence-transformers is not installed.\n")
        return None
    encoder = SentenceTransformer(model, device="cpu", local_files_only=True)

    def embed(people: People) -> NDArray[np.float32]:
        texts = [" ".join(person) for person in people]
        return encoder.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    return lambda mentors, mentees: embed(mentees) @ embed(mentors).T


def ours(**parameters: object) -> Matcher:
    """Return the shipped matcher with these parameters."""
    return lambda mentors, mentees: TfidfMatcher(**parameters).fit(mentors, mentees).score(mentees).toarray()


def plain(mentors: People, mentees: People) -> NDArray[np.float64]:
    """Score by scikit-learn's TfidfVectorizer as it comes, each person's texts joined."""
    return _cosine(*_joined(TfidfVectorizer(), mentors, mentees))


def bm25(mentors: People, mentees: People, k1: float = 1.2, b: float = 0.75) -> NDArray[np.float64]:
    """Score by BM25 (Robertson & Zaragoza 2009), the mentee's joined texts as the query."""
    documents, queries = _joined(CountVectorizer(stop_words="english"), mentors, mentees)
    tf, n = csr_array(documents, dtype=np.float64), documents.shape[0]
    df = np.bincount(tf.indices, minlength=tf.shape[1])
    length = np.asarray(tf.sum(axis=1)).ravel()
    norm = k1 * (1 - b + b * length / length.mean())
    tf.data = tf.data * (k1 + 1) / (tf.data + np.repeat(norm, np.diff(tf.indptr)))
    weighted = tf @ diags_array(np.log(1 + (n - df + 0.5) / (df + 0.5)))
    return (csr_array(queries, dtype=np.float64) @ weighted.T).toarray()


def lsa(mentors: People, mentees: People, dimensions: int = 128) -> NDArray[np.float64]:
    """Score by latent semantic analysis (Deerwester et al. 1990) of tf-idf without stop words."""
    vectoriser = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    return _latent(*_joined(vectoriser, mentors, mentees), dimensions)


def pooled(mentors: People, mentees: People) -> NDArray[np.float64]:
    """Score by cosines of single documents: each person's ranked, and weighted 1, 1/2, 1/3 and so on."""
    tokens = tokenise([[text] for person in (*mentors, *mentees) for text in person])
    everyone = np.ones(tokens.n_people, dtype=bool)
    vocabulary, words = learn(tokens, everyone, everyone, likeness=1)
    vectors = weigh(tokens, words, vocabulary.idf).vectors
    n, here, there = len(mentors) * len(mentors[0]), len(mentees[0]), len(mentors[0])
    cosines = (vectors[n:] @ vectors[:n].T).toarray().reshape(len(mentees), here, len(mentors), there)
    ranked = -np.sort(-cosines.transpose(0, 2, 1, 3).reshape(len(mentees), len(mentors), here * there), axis=2)
    return ranked @ (1 / (1 + np.arange(here * there)))


def blended(mentors: People, mentees: People) -> NDArray[np.float64]:
    """Score by half the shipped cosine and half that of its vectors' latent dimensions."""
    matcher = TfidfMatcher().fit(mentors, mentees)
    keys = [[matcher.rows_[key] for key in _digests(side)] for side in (mentors, mentees)]
    return matcher.score(mentees).toarray() + _latent(*(matcher.people_.vectors[rows] for rows in keys), 128)


def feedback(mentors: People, mentees: People, best: int = 5, weight: float = 0.5) -> NDArray[np.float64]:
    """Score again with each mentee moved towards the best mentors of the shipped score (Rocchio 1971)."""
    matcher = TfidfMatcher().fit(mentors, mentees)
    there, here = ([matcher.rows_[key] for key in _digests(side)] for side in (mentors, mentees))
    first = matcher.score(mentees).toarray()
    first[first < -np.sort(-first, axis=1)[:, best - 1 : best]] = 0
    vectors = matcher.people_.vectors
    moved = vectors[here] + weight * (normalize(csr_array(first), norm="l1") @ vectors[there])
    return _cosine(vectors[there], normalize(moved))


def _digests(people: People) -> list[bytes]:
    return [digest(person) for person in people]


def _joined(
    vectoriser: CountVectorizer | TfidfVectorizer, mentors: People, mentees: People
) -> tuple[csr_array, csr_array]:
    vectoriser.fit([" ".join(person) for person in (*mentors, *mentees)])
    one, other = (vectoriser.transform([" ".join(person) for person in side]) for side in (mentors, mentees))
    return one, other


def _cosine(mentors: csr_array, mentees: csr_array) -> NDArray[np.float64]:
    return (mentees @ mentors.T).toarray()


def _latent(mentors: csr_array, mentees: csr_array, dimensions: int) -> NDArray[np.float64]:
    svd = TruncatedSVD(dimensions, random_state=0)
    everyone = normalize(svd.fit_transform(vstack([mentors, mentees])))
    return everyone[mentors.shape[0] :] @ everyone[: mentors.shape[0]].T


MATCHERS: Mapping[str, Matcher] = {
    BASELINE: plain,
    "BM25, stop words": bm25,
    "LSA, 128 dimensions": lsa,
    "as shipped": ours(),
    "as shipped, 96 terms": ours(max_terms=96),
    "as shipped, bare texts": ours(neighbours=0),
    "as shipped, no synonyms": ours(synonyms=()),
    "as shipped, words as they are": ours(likeness=1),
    "as shipped, likeness 0.5": ours(likeness=0.5),
    "as shipped, likeness 0.6": ours(likeness=0.6),
    "documents compared one by one, 1, 1/2, 1/3": pooled,
    "as shipped + LSA of its vectors": blended,
    "as shipped + feedback of the best 5": feedback,
}


if __name__ == "__main__":
    main()
