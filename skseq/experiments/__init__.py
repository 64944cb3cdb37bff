"""The logic behind the declared experiments; `workflow/` only calls it.

Each module is one step of the path that data take: `config` (what is to run) →
`streams` (which seeds) → `data` (what is drawn) → `search` (which configuration) →
`repeats` (many fits of it) → `evaluate` (scores beside baselines) → `figures`,
`tables` and `claims` (what a reader sees) → `manifest` and `verify` (whether two runs
say the same). `files` writes every artifact whole or not at all.

Where data stream, `blockwise` trains in place of `search` and `repeats`: on what
`fresh` draws, until one of the `stops` is met. What entries of either kind may say is
checked by `entries`, `streamed` and `claim_entries`, and completed by `completion`.
"""
