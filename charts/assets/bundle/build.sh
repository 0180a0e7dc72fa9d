#!/bin/sh
# Rebuilds ../echarts.min.js from the pinned npm packages and prints its SHA-256.
# Needs node and npm. Writes nothing else into the source tree.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/entry.js" "$work/"
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --save-exact echarts@6.1.0 zrender@6.1.0 tslib@2.3.0 esbuild@0.28.2 >/dev/null 2>&1
npx esbuild entry.js --bundle --minify --format=iife --target=es2020 --legal-comments=none \
  --charset=ascii --define:__DEV__=false --outfile=echarts.min.js --log-level=warning
notices() {
  printf "/*! Apache ECharts 6.1.0, lean build, under the Apache License 2.0, http://www.apache.org/licenses/LICENSE-2.0\n\n"
  cat node_modules/echarts/NOTICE
  printf "\n\nzrender 6.1.0:\n"; cat node_modules/zrender/LICENSE
  printf "\nd3:\n"; cat node_modules/echarts/licenses/LICENSE-d3
  printf "\ntslib 2.3.0, 0BSD, Copyright (c) Microsoft Corporation */\n"
}
{ notices; cat echarts.min.js; } >"$here/../echarts.min.js"
cp node_modules/echarts/LICENSE "$here/../LICENSE-echarts"
cp node_modules/echarts/NOTICE "$here/../NOTICE-echarts"
cp node_modules/echarts/licenses/LICENSE-d3 "$here/../LICENSE-d3"
cp node_modules/zrender/LICENSE "$here/../LICENSE-zrender"
sha256sum "$here/../echarts.min.js" | cut -d' ' -f1
