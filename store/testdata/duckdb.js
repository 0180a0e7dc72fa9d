// Runs the statements of a JSON object on standard input in DuckDB and prints an object with the rows of each. The first
// argument is the node_modules folder that has @duckdb/node-api; with a second, each is repeated that often and the
// least time is given instead: [clock, processor], in milliseconds.
const { createRequire } = require('node:module');
const path = require('node:path');
const { DuckDBInstance } = createRequire(path.join(process.argv[2], 'x.js'))('@duckdb/node-api');

async function main() {
  const statements = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const repeat = Number(process.argv[3] || 0);
  const out = {};
  for (const [name, statement] of Object.entries(statements)) {
    if (repeat === 0) {
      out[name] = (await connection.runAndReadAll(statement)).getRowsJson();
      continue;
    }
    out[name] = [Infinity, Infinity];
    for (let i = 0; i <= repeat; i++) {
      const start = process.hrtime.bigint();
      const before = process.cpuUsage();
      await connection.runAndReadAll(statement);
      const used = process.cpuUsage(before);
      const took = [Number(process.hrtime.bigint() - start) / 1e6, (used.user + used.system) / 1e3];
      if (i > 0) out[name] = out[name].map((least, j) => Math.min(least, took[j]));
    }
  }
  console.log(JSON.stringify(out));
}

main().catch((err) => { console.error(err); process.exit(1); });
