# SPDX-License-Identifier: BSD-2-Clause
# Makes an SPDX 2.3 document of the lines that packaging/sbom.sh writes, whose fields tabs part:
#
#     file     NAME KIND SHA1 SHA256 LICENCE
#     package  OWNER PACKAGE VERSION ARCHITECTURE SOURCE SOURCE-VERSION HOMEPAGE LICENCE
#     link     NAME KIND NAME-OR-OWNER

def id: gsub("[^A-Za-z0-9.-]"; "-");
def file_id: "SPDXRef-File-" + id;
def package_id: "SPDXRef-Package-" + id;
def or_none: if . == null or . == "" then "NOASSERTION" else . end;

# Debian's short names that have one of SPDX.  What has another one, or several licences for several
# files, is not asserted: which of them are in a program nobody says.
def spdx_name: {
	"Apache-2.0": "Apache-2.0", "BSD-2-clause": "BSD-2-Clause", "BSD-3-clause": "BSD-3-Clause",
	"BSD-2-Clause": "BSD-2-Clause", "BSD-3-Clause": "BSD-3-Clause", "Expat": "MIT", "ISC": "ISC",
	"GPL-2": "GPL-2.0-only", "GPL-2+": "GPL-2.0-or-later", "GPL-3": "GPL-3.0-only",
	"GPL-3+": "GPL-3.0-or-later", "LGPL-2": "LGPL-2.0-only", "LGPL-2+": "LGPL-2.0-or-later",
	"LGPL-2.1": "LGPL-2.1-only", "LGPL-2.1+": "LGPL-2.1-or-later", "LGPL-3": "LGPL-3.0-only",
	"LGPL-3+": "LGPL-3.0-or-later", "Zlib": "Zlib", "zlib": "Zlib",
	"and": "AND", "or": "OR"
}[.];
def spdx_licence: [splits(" +") | select(. != "") | spdx_name] |
	if length == 0 or any(. == null) then "NOASSERTION" else join(" ") end;

def checksums($sha1; $sha256):
	[{algorithm: "SHA1", checksumValue: $sha1}, {algorithm: "SHA256", checksumValue: $sha256}];

def file: {
	SPDXID: (.[1] | file_id), fileName: ("./" + .[1]), fileTypes: [.[2]],
	checksums: checksums(.[3]; .[4]), licenseConcluded: "NOASSERTION",
	licenseInfoInFiles: [.[5] | or_none | ltrimstr("(") | rtrimstr(")") | splits(" +(OR|AND|WITH) +")],
	copyrightText: "NOASSERTION"
};

def package($distribution): ($distribution | split("|")) as [$vendor, $supplier] | {
	SPDXID: (.[1] | package_id), name: .[2], versionInfo: .[3],
	supplier: ("Organization: " + $supplier), downloadLocation: "NOASSERTION", filesAnalyzed: false,
	sourceInfo: ("built from the source package " + .[5] + " " + .[6]),
	licenseConcluded: "NOASSERTION", licenseDeclared: (.[8] // "" | spdx_licence),
	copyrightText: "NOASSERTION", primaryPackagePurpose: "LIBRARY",
	externalRefs: [{
		referenceCategory: "PACKAGE-MANAGER", referenceType: "purl",
		referenceLocator: "pkg:deb/\($vendor)/\(.[2] | @uri)@\(.[3] | @uri)?arch=\(.[4])"
	}]
}
+ (if .[7] then {homepage: .[7]} else {} end)
+ (if .[8] then {licenseComments: ("its copyright file names: " + (.[8] | gsub(";"; "; ")))}
	else {} end);

def relationship($from; $kind; $to):
	{spdxElementId: $from, relationshipType: $kind, relatedSpdxElement: $to};

split("\n") | map(select(. != "") | split("\t") | map(if . == "" then null else . end)) |
(map(select(.[0] == "file"))) as $files |
(map(select(.[0] == "package"))) as $packages |
(map(select(.[0] == "link"))) as $links |
($files | map(.[1])) as $names |
# GENERATED_FROM and CONTAINS name files, and GENERATED_FROM a package too.
def reference: if . as $name | $names | index($name) then file_id else package_id end;
($name | package_id) as $own |
{
	spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT",
	name: "\($name)-\($version)-\($arch)", documentNamespace: $namespace,
	creationInfo: {created: ($time | todate), creators: ["Tool: btferry-sbom-\($version)"]},
	packages: ([{
		SPDXID: $own, name: $name, versionInfo: $version, supplier: "NOASSERTION",
		downloadLocation: "NOASSERTION", filesAnalyzed: false, licenseConcluded: "NOASSERTION",
		licenseDeclared: "BSD-2-Clause", copyrightText: "NOASSERTION",
		primaryPackagePurpose: "APPLICATION",
		comment: "The programs of btferry, the BPF objects of \($name), and the packages made of them."
	}] + ($packages | map(package($distribution)))),
	files: ($files | map(file)),
	relationships: (
		[relationship("SPDXRef-DOCUMENT"; "DESCRIBES"; $own)]
		+ ($files | map(relationship($own; "CONTAINS"; .[1] | file_id)))
		+ ($links | map(relationship(.[1] | reference; .[2]; .[3] | reference))))
} |
([.packages[].SPDXID, .files[].SPDXID] | group_by(.) | map(select(length > 1) | .[0])) as $twice |
if $twice == [] then . else error("two things have one name: \($twice)") end
