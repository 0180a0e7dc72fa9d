// What wink-nlp does with the articles of the benchmark: sentences, part-of-speech tags and custom entities, on one thread.
// The first line on standard input holds {"modules", "texts", "patterns"}; each further line asks for one pass over all
// texts, and is answered with a line {"cpu", "sentences", "entities"}, cpu in microseconds of this process.
"use strict";
const lines = require("node:readline").createInterface({ input: process.stdin });
let pass;

const start = ({ modules, texts, patterns }) => {
  const load = (name) => require(require.resolve(name, { paths: [modules] }));
  const nlp = load("wink-nlp")(load("wink-eng-lite-web-model"), ["sbd", "pos", "cer"]);
  nlp.learnCustomEntities(patterns);
  return () => {
    let sentences = 0, entities = 0;
    const before = process.cpuUsage();
    for (const text of texts) {
      const doc = nlp.readDoc(text);
      sentences += doc.sentences().length();
      entities += doc.customEntities().length();
    }
    const used = process.cpuUsage(before);
    return { cpu: used.user + used.system, sentences, entities };
  };
};

lines.on("line", (line) => {
  if (!pass) pass = start(JSON.parse(line));
  process.stdout.write(JSON.stringify(pass()) + "\n");
});
