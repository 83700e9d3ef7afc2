#!/usr/bin/env node
// By way of CommonJS, whose hooks cost no second thread (docs/performance.md).
require('tsx/cjs');
require('./main.ts');
