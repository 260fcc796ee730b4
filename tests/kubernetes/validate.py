#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds manifests against the Kubernetes API, as Debian's python3-kubernetes has its models, and
NodeFeatureRules against the JSON schema beside this file.  Fields that the API does not know, wrong
types and missing required fields are printed; exit status 1 when there are any."""
import json
import os
import re
import sys

import jsonschema
import kubernetes.client
import yaml

here = os.path.dirname(os.path.abspath(__file__))
MODELS = {("v1", "Namespace"): "V1Namespace", ("apps/v1", "DaemonSet"): "V1DaemonSet"}
PLAIN = {"str": str, "bool": bool, "int": int, "float": (int, float), "object": object}


def inside(kind, value, path):
    """Yields what is wrong with a value of a model's type, such as dict(str, V1Volume)."""
    many = re.fullmatch(r"list\[(.*)\]", kind)
    mapped = re.fullmatch(r"dict\(str, (.*)\)", kind)
    if many:
        if not isinstance(value, list):
            yield f"{path}: is no list"
            return
        for i, item in enumerate(value):
            yield from inside(many[1], item, f"{path}[{i}]")
    elif mapped:
        if not isinstance(value, dict):
            yield f"{path}: is no mapping"
            return
        for key, item in value.items():
            yield from inside(mapped[1], item, f"{path}.{key}")
    elif kind in PLAIN:
        if not isinstance(value, PLAIN[kind]) or (kind == "int" and isinstance(value, bool)):
            yield f"{path}: {value!r} is no {kind}"
    else:
        yield from fields(getattr(kubernetes.client, kind), value, path)


def fields(model, value, path):
    if not isinstance(value, dict):
        yield f"{path}: is no mapping"
        return
    names = {there: here for here, there in model.attribute_map.items()}
    known = {}
    for key, item in value.items():
        if key not in names:
            yield f"{path}.{key}: no such field"
            continue
        known[names[key]] = item
        yield from inside(model.openapi_types[names[key]], item, f"{path}.{key}")
    # The model's own setters know what is required, and which values there are.
    try:
        model(**known)
    except ValueError as error:
        yield f"{path}: {error}"


def wrong(document):
    kind = (document.get("apiVersion"), document.get("kind"))
    if kind == ("nfd.k8s-sigs.io/v1alpha1", "NodeFeatureRule"):
        with open(os.path.join(here, "nodefeaturerule.json"), encoding="utf-8") as file:
            validator = jsonschema.Draft202012Validator(json.load(file))
        for error in validator.iter_errors(document):
            yield f"{error.json_path}: {error.message}"
    elif kind in MODELS:
        yield from fields(getattr(kubernetes.client, MODELS[kind]), document, "$")
    else:
        yield f"{kind}: no schema for that"


failed = False
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as manifest:
        for part in yaml.safe_load_all(manifest):
            for problem in wrong(part):
                print(f"{name}: {problem}")
                failed = True
sys.exit(failed)
