// Runs the statements of a JSON object on standard input in DuckDB and prints an object with the rows of each. The first
// argument is the node_modules folder that has @duckdb/node-api; with a second, each is repeated that often and the
// fastest time is given instead, in milliseconds.
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
    let best = Infinity;
    for (let i = 0; i <= repeat; i++) {
      const start = process.hrtime.bigint();
      await connection.runAndReadAll(statement);
      const took = Number(process.hrtime.bigint() - start) / 1e6;
      if (i > 0) best = Math.min(best, took);
    }
    out[name] = best;
  }
  console.log(JSON.stringify(out));
}

main().catch((err) => { console.error(err); process.exit(1); });
