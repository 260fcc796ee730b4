# SPDX-License-Identifier: BSD-2-Clause
# judge.jq's findings as TAP, and their table.  $few: only some conditions were asked for.

def bad: .outcome == "false yes" or .outcome == "false no" or .outcome == "wrong";

def left($n): tostring | . + (" " * ([$n - length, 0] | max));
def right($n): tostring | (" " * ([$n - length, 0] | max)) + .;
def row($name; $cells): "# \($name | left(24))" + ($cells | map(right(11)) | join(""));

def outcomes: ["right", "not known", "skipped", "false yes", "false no", "wrong"];
def counts:
  (group_by(.outcome) | map({ key: .[0].outcome, value: length }) | from_entries) as $n
  | [length] + (outcomes | map($n[.] // 0));

def table($title):
  "# \($title)",
  row("condition"; ["answers"] + outcomes),
  (group_by(.condition)[] | row(.[0].condition; counts)),
  row("all"; counts);

def complaint:
  "# \(.outcome): \(.case): \(.what): check says \(.said), true is \(.is | join(" or "))"
  + (if .why == "" then "" else " (\(.why))" end)
  + ": \((.reason // "")[0:200] | gsub("\n"; " "))";

map(select(.what == "overall")) as $overall
| map(select(.what != "overall")) as $levels
| ($overall | length) as $count
| ($overall | map(select(.outcome == "not known"))) as $unknown
| [
    (group_by(.case)[] | { text: .[0].case, notes: map(select(bad) | complaint) }
      | .ok = (.notes == [])),
    { text: "not known: \($unknown | length) of \($count), at most 5 %",
      notes: ($unknown | map(complaint)), ok: (($unknown | length) * 20 <= $count) },
    { text: "\($count) cases, at least 200", notes: [], ok: ($few or $count >= 200) },
    (select($levels == [])
      | { text: "levels of each program # SKIP the document has none", notes: [], ok: true })
  ]
| "1..\(length)",
  (to_entries[] | "\(if .value.ok then "ok" else "not ok" end) \(.key + 1) \(.value.text)",
    .value.notes[]),
  ($overall | table("the object as a whole")),
  (select($levels != []) | $levels | table("levels of each program"))
