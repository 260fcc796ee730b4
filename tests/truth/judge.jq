# SPDX-License-Identifier: BSD-2-Clause
# Judges what `check` said about each case by what really happened: ask.sh's lines, to which run.sh
# added the condition.  Gives one finding for each answer:
#
#     { case, condition, what, said, is, outcome, why, reason }
#
# outcome: right; "false yes"; "false no"; "not known"; wrong (a policy blamed where there is none,
# or not named where there is one; a check that failed); skipped (nothing was claimed).

# --- The truth ---------------------------------------------------------------------------------

# load's lines as an object.
def parse_truth:
  {
    opens: ((.[] | select(.[0] == "object") | .[2]) // "failed"),
    failed: any(.[]; .[0] == "failed"),
    programs: [.[] | select(.[0] == "program")
      | { name: .[1], on: (.[3] == "on"), loads: .[4], attaches: .[6], way: .[8], fired: .[9] }],
    together: ((.[] | select(.[0] == "together") | { loads: .[1], attaches: .[3] })
      // { loads: "no", attaches: "-" })
  };

# Under a policy, what works without it is blocked; what does not work anyhow stays a no.
def under_policy($without):
  if . == "yes" or . == "-" or $without == null then .
  elif $without == "no" then "no or blocked"
  else "blocked" end;

def compare_with($without):
  (.loads |= under_policy($without.loads)) | (.attaches |= under_policy($without.attaches));

def program($name): first(.programs[] | select(.name == $name));

def truth($reference):
  (.kind == "policy") as $policy
  | .truth | parse_truth
  | if $policy and $reference then
      (.together |= compare_with($reference.together))
      | (.programs |= map(.name as $name | compare_with($reference | program($name))))
    else . end;

def as_list: if . == "no or blocked" then ["no", "blocked"] else [.] end;

# What may be said of an object that opens, as a list.
def fates:
  [.programs[] | select(.on)] as $on
  | [.together.loads, .together.attaches] as $all
  | [$on[] | .loads, (select(.way == "auto") | .attaches)] as $each
  | ([$all[], $each[] | as_list[]] | map(select(. == "no" or . == "blocked")) | unique) as $bad
  # What its own loader attaches may be looked at, or left to it.
  | [$on[] | select(.way == "explicit") | .attaches | select(. == "no" or . == "blocked")] as $own
  | if $bad != [] then $bad elif $on == [] then ["no", "yes"] else ["yes"] + $own end;

# Where only BTF is missing, building for this kernel is the way; where more is, who could know?
def with_builds($with_btf):
  if index("no") | not then .
  elif $with_btf == "yes" then . - ["no"] + ["build"]
  elif $with_btf == "no" then . + ["build"]
  else . end;

def overall($with_btf):
  if .failed then ["?"]
  elif .opens != "yes" then ["damaged", "no"]
  else fates | with_builds($with_btf) end;

# The BTF of another kernel loads, and reads wrong fields: the canary may know better.
def with_canary($case):
  if $case.condition == "btf-other" and $case.check.canary.outcome == "mismatch"
  then . + ["no"] else . end;

# --- The answers -------------------------------------------------------------------------------

def said:
  if .status == 0 then "yes"
  elif .status == 1 then "no"
  elif .status == 3 then "build"
  elif .status == 5 then "damaged"
  elif .status != 4 then "exit \(.status)"
  elif .check.class == "CAPABILITY_FAILURE" or .check.class == "POLICY_DENIED" then "blocked"
  elif .check.trial.outcome == "blocked" then "blocked"
  else "not known" end;

# Everything that speaks of what stands between.
def words:
  [
    .reason, .remedy, .trial.reason,
    (.items // [] | .[] | select(.answer == "blocked" or .answer == "unknown") | .reason, .remedy),
    (.programs // [] | .[].levels // {} | .[] | select(.answer == "blocked") | .reason, .remedy)
  ] | map(strings) | join(" ");

# An answer against the list of what is true.
def weigh($is; $named):
  . as $said
  | if $is == ["?"] then ["wrong", "the loader failed"]
    elif $said == "not known" or $said == "unknown" then ["not known", ""]
    elif $is | index($said) then
      if $said == "blocked" and ($named | not) then ["wrong", "the policy is not named"]
      else ["right", ""] end
    elif $said == "yes" then ["false yes", ""]
    elif $said == "no" or $said == "build" then
      if $is | index("no") or index("build") then ["wrong", "the way out is not this"]
      else ["false no", ""] end
    else ["wrong", ""] end
  | { outcome: .[0], why: .[1] };

def claims: . == "yes" or . == "no" or . == "blocked" or . == "unknown";

# One level of one program of `check`, against what is true.
def level($name; $is; $named):
  .name as $program
  | (.levels[$name] // { answer: "absent" })
  | { what: "\($program) \($name)", said: .answer, is: $is, reason }
    + if .answer | claims then (.answer | weigh($is; $named))
      elif .answer == "skip" then { outcome: "skipped", why: "" }
      else { outcome: "wrong", why: "no such answer" } end;

# Of a program that is on and comes that far, something must be said.
def demand($is_due): if .outcome == "skipped" and $is_due
  then . + { outcome: "wrong", why: "nothing is said" } else . end;

def levels($truth; $named):
  [.check.programs[].name] as $told
  | ($truth.programs[].name | select(. as $name | $told | index($name) | not)
    | { what: ., said: "nothing", is: ["a program"], outcome: "wrong", why: "it is not listed" }),
  (.check.programs[]
  | (.state != "off") as $on
  | . as $said
  | ($truth | program($said.name)) as $true
  | ($true.loads == "yes") as $loads
  | level("loads"; $true.loads | as_list; $named) | demand($on and $loads),
    ($said
      | if ($loads and $true.way == "none") then empty
        elif $loads then
          level("attaches"; $true.attaches | as_list; $named) | demand($on and $true.way == "auto")
        elif .levels.attaches.answer == "yes" then level("attaches"; ["-"]; $named)
        else empty end),
    ($said | select($true.fired == "yes" and .levels.fires.answer == "no")
      | level("fires"; ["yes"]; $named)));

# --- All cases ---------------------------------------------------------------------------------

(map({ key: "\(.object) \(.condition)", value: . }) | from_entries) as $cases
# The same object under another condition.
| def under($condition): $cases["\(.object) \($condition)"];
  def works: truth(null) | fates | if index("yes") then "yes" else "no" end;
  map(
    . as $case
    | (under("root") | if . then (.truth | parse_truth) else null end) as $reference
    # "?": nobody can tell what BTF would help; packing or building may be the way, or not.
    | (if .with_btf == "?" then "no" else under(.with_btf) | if . then works else null end end)
      as $with_btf
    | truth($reference) as $truth
    # What is blocked without the condition as well may be laid on either.
    | (.names + if .kind == "policy" and $reference.together.loads == "blocked"
        then "|" + $modules else "" end) as $names
    | (.check // {} | words | test($names; "i")) as $named
    | { case: "\(.object) \(.condition)", condition } as $about
    | ($truth | overall($with_btf) | with_canary($case)) as $is
    | $about + { what: "overall", said: said, is: $is, reason: (.check.reason // .error) }
      + (said | weigh($is; $named)),
      (select(.check.programs[0].levels) | $about + levels($truth; $named)))
