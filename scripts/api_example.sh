#!/bin/sh
# A person who refuses, and the public log, with curl. Use: ADDRESS=http://127.0.0.1:8433 OPERATOR_KEY=cnt_… api_example.sh
set -eu

curl --silent --fail "$ADDRESS/health/live"

# Open an encounter: the person was told that they may refuse.
opened=$(curl --silent --fail "$ADDRESS/encounters" \
    --header "Authorization: Bearer $OPERATOR_KEY" --header "Content-Type: application/json" \
    --data '{"checkpoint": "lane-1", "eligibility": {"person_class": "unknown", "age": 40, "refusal_offered": true}}')
token=$(printf '%s' "$opened" | sed 's/.*"token":"\([^"]*\)".*/\1/')

# They refuse: no reason, no flag, no camera.
curl --silent --fail --request POST "$ADDRESS/opt-outs" \
    --header "Authorization: Bearer $OPERATOR_KEY" --header "Countenance-Token: $token"

# Anybody may read the log's signed tree head, without a key.
curl --silent --fail "$ADDRESS/log/checkpoint"
