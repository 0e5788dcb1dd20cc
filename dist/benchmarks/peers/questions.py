"""Times llama.cpp on many questions of one prefix, which it keeps.

python questions.py MODEL.gguf PREFIX QUESTIONS QUESTION_TOKENS ANSWER_TOKENS REPEATS

They are asked one after the other; the time stands beside both ways of ours. The lines have the
form that 'llavamed bench runtime --peers FILE' reads; threads as in decoders.py.
"""

import os
import sys
import time

import numpy as np
from llama_cpp import Llama

THREADS = int(os.environ.get("THREADS") or len(os.sched_getaffinity(0)))


def main(model, prefix, questions, question, answer, repeats):
    random = np.random.default_rng(0)
    llama = Llama(
        model,
        n_ctx=prefix + question + answer + 16,
        n_threads=THREADS,
        n_threads_batch=THREADS,
        n_batch=512,
        verbose=False,
    )
    for repeat in range(repeats + 1):
        begin = time.perf_counter()
        llama.reset()
        llama.eval(random.integers(300, 31000, prefix).tolist())
        for _ in range(questions):
            llama.n_tokens = prefix  # what lies behind the prefix is dropped by the next call
            llama.eval(random.integers(300, 31000, question).tolist())
            for index in range(answer - 1):
                llama.eval([300 + index])
        if repeat > 0:
            seconds = time.perf_counter() - begin
            for how in (f"one prefix of {prefix}", "it, one after the other"):
                print(f"llama.cpp {questions} questions of {how}: {seconds:.2f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:7]))
