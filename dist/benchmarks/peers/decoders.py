"""Times other programs on a decoder, in the form that 'llavamed bench runtime --peers FILE' reads.

python decoders.py PROGRAM MODEL CONTEXT STEPS REPEATS

PROGRAM is llama.cpp (MODEL: a GGUF file), onnxruntime-genai (a folder) or openvino (a folder).
A prompt of CONTEXT random tokens is read, then STEPS tokens are written, each the likeliest one.
Every program gets THREADS threads (environment), else as many as this process has processors.
"""

import json
import os
import sys
import time

import numpy as np

THREADS = int(os.environ.get("THREADS") or len(os.sched_getaffinity(0)))


class LlamaCpp:
    def __init__(self, model, room):
        from llama_cpp import Llama

        self.llama = Llama(
            model, n_ctx=room, n_threads=THREADS, n_threads_batch=THREADS, n_batch=512, verbose=False
        )

    def prompt(self, tokens):
        self.llama.reset()
        self.llama.eval(tokens.tolist())

    def step(self, index):
        # Any token costs the same; the caller asks for no logits, which only favours llama.cpp.
        self.llama.eval([300 + index])


class OnnxRuntimeGenAi:
    def __init__(self, model, room):
        import onnxruntime_genai

        self.genai = onnxruntime_genai
        config = onnxruntime_genai.Config(model)
        session = {"intra_op_num_threads": THREADS}
        config.overlay(json.dumps({"model": {"decoder": {"session_options": session}}}))
        self.model = onnxruntime_genai.Model(config)
        self.room = room
        self.generator = None

    def prompt(self, tokens):
        self.generator = None
        settings = self.genai.GeneratorParams(self.model)
        settings.set_search_options(max_length=self.room, min_length=self.room - 2, do_sample=False)
        self.generator = self.genai.Generator(self.model, settings)
        self.generator.append_tokens(tokens.astype(np.int32))
        self.generator.generate_next_token()

    def step(self, index):
        self.generator.generate_next_token()


class OpenVino:
    def __init__(self, model, room):
        import openvino

        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128",
            "INFERENCE_NUM_THREADS": str(THREADS),
        }
        core = openvino.Core()
        graph = core.read_model(model + "/openvino_model.xml")
        self.keep_last_position(graph)
        compiled = core.compile_model(graph, "CPU", settings)
        self.request = compiled.create_infer_request()
        self.past = 0
        self.token = 0

    @staticmethod
    def keep_last_position(graph):
        """Takes the logits of the last position alone, as OpenVINO GenAI does; exports give all."""
        from openvino import opset13

        head = graph.get_results()[0].input_value(0).get_node()
        if head.get_type_name() != "MatMul":
            sys.exit(f"the logits come from {head.get_type_name()}, expected MatMul")
        end = np.iinfo(np.int64).max
        last = opset13.slice(head.input_value(0), [-1], [end], [1], [1])
        head.input(0).replace_source_output(last.output(0))
        graph.validate_nodes_and_infer_types()

    def prompt(self, tokens):
        self.request.reset_state()
        self.past = 0
        self.read(tokens)

    def step(self, index):
        self.read(np.array([self.token]))

    def read(self, tokens):
        total = self.past + len(tokens)
        self.request.infer(
            {
                "input_ids": tokens.astype(np.int64)[None],
                "attention_mask": np.ones((1, total), np.int64),
                "position_ids": np.arange(self.past, total, dtype=np.int64)[None],
                "beam_idx": np.zeros(1, np.int32),
            },
            share_inputs=True,
        )
        self.past = total
        self.token = int(self.request.get_output_tensor(0).data[0, -1].argmax())


PROGRAMS = {"llama.cpp": LlamaCpp, "onnxruntime-genai": OnnxRuntimeGenAi, "openvino": OpenVino}


def main(program, model, context, steps, repeats):
    random = np.random.default_rng(0)
    peer = PROGRAMS[program](model, context + steps + 16)
    for repeat in range(repeats + 1):
        tokens = random.integers(300, 31000, context)
        begin = time.perf_counter()
        peer.prompt(tokens)
        read = time.perf_counter()
        for index in range(steps):
            peer.step(index)
        end = time.perf_counter()
        if repeat > 0:  # the first one warms up
            prefill, decode = context / (read - begin), steps / (end - read)
            print(f"{program} ctx {context} prefill {prefill:.1f} decode {decode:.1f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:6]))
