// Asks a model folder in transformers.js, as it is, with nothing but its files.
//
//   node ask.mjs FOLDER REQUESTS.json
//
// REQUESTS.json: a list of {"picture": square PNG file, "prompt": text with <image>, "mostTokens": number}.
// Writes to standard output, as JSON: node, transformers (versions) and answers, a list of
// {"text", "logits": those of the first new token, base64 of little-endian float32}.
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {AutoProcessor, LlavaForConditionalGeneration, RawImage, env} from '@huggingface/transformers';

const [folder, requests] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = path.dirname(path.resolve(folder)) + path.sep;
const name = path.basename(folder);
const processor = await AutoProcessor.from_pretrained(name);
const model = await LlavaForConditionalGeneration.from_pretrained(name);

async function answer({picture, prompt, mostTokens}) {
  const inputs = await processor(await RawImage.read(picture), prompt, {add_special_tokens: false});
  const {logits} = await model(inputs);
  const first = logits.data.slice(-logits.dims.at(-1));
  const all = await model.generate({...inputs, max_new_tokens: mostTokens, do_sample: false});
  const answered = all.slice(null, [inputs.input_ids.dims.at(-1), null]);
  return {
    text: processor.batch_decode(answered, {skip_special_tokens: true})[0].trim(),
    logits: Buffer.from(first.buffer, first.byteOffset, first.byteLength).toString('base64'),
  };
}

const answers = [];
for (const request of JSON.parse(await readFile(requests, 'utf8'))) {
  answers.push(await answer(request));
}
console.log(JSON.stringify({node: process.version, transformers: env.version, answers}));
await model.dispose();
