# SPDX-License-Identifier: Apache-2.0
# twintls_write_bill_of_materials(<file>): what programs on twintls are made of, as SPDX 2.3 in JSON: twintls itself and each C library
# that was compiled here, with its version, licence, the hash of its archive and that of the script that changed it.
#
# A backend says what it brings with the properties TWINTLS_NAME, TWINTLS_LICENSE, TWINTLS_SOURCE and TWINTLS_PURL of its target
# twintls_<backend>_c. The moment comes from SOURCE_DATE_EPOCH where that is set, so that the same build writes the same file.
include_guard(GLOBAL)

# A package of the file; the values must need no escaping.
function(twintls_package_ out id name version license purl extra)
    set(${out} "    {
      \"SPDXID\": \"SPDXRef-${id}\",
      \"name\": \"${name}\",
      \"versionInfo\": \"${version}\",
      \"downloadLocation\": \"NOASSERTION\",
      \"filesAnalyzed\": false,
      \"licenseConcluded\": \"NOASSERTION\",
      \"licenseDeclared\": \"${license}\",
      \"copyrightText\": \"NOASSERTION\",
      \"externalRefs\": [
        { \"referenceCategory\": \"PACKAGE-MANAGER\", \"referenceType\": \"purl\", \"referenceLocator\": \"${purl}\" }
      ]${extra}
    }" PARENT_SCOPE)
endfunction()

function(twintls_write_bill_of_materials file)
    twintls_package_(packages twintls twintls ${PROJECT_VERSION} Apache-2.0 pkg:generic/twintls@${PROJECT_VERSION} "")
    set(relations "    { \"spdxElementId\": \"SPDXRef-DOCUMENT\", \"relationshipType\": \"DESCRIBES\", \"relatedSpdxElement\": \"SPDXRef-twintls\" }")
    foreach(backend IN ITEMS wolfssl mbedtls)
        if(NOT TARGET twintls_${backend}_c)
            continue() # of the system, whose packages say what it is
        endif()
        foreach(property IN ITEMS NAME LICENSE SOURCE PURL)
            get_target_property(${property} twintls_${backend}_c TWINTLS_${property})
        endforeach()
        set(version "NOASSERTION")
        set(extra "")
        if(EXISTS "${SOURCE}/.twintls-complete")
            file(READ "${SOURCE}/.twintls-complete" stamp)
            list(POP_FRONT stamp version sha256 patch)
            set(extra ",
      \"checksums\": [ { \"algorithm\": \"SHA256\", \"checksumValue\": \"${sha256}\" } ],
      \"comment\": \"The checksum is that of the archive. Its tree was changed by twintls, with scripts whose SHA-256 is ${patch}.\"")
        endif()
        twintls_package_(package ${backend} "${NAME}" ${version} "${LICENSE}" ${PURL} "${extra}")
        string(APPEND packages ",\n${package}")
        string(APPEND relations ",\n    { \"spdxElementId\": \"SPDXRef-twintls\", \"relationshipType\": \"DEPENDS_ON\", \"relatedSpdxElement\": \"SPDXRef-${backend}\" }")
    endforeach()
    string(SHA256 content "${packages}")
    string(TIMESTAMP created "%Y-%m-%dT%H:%M:%SZ" UTC)
    file(CONFIGURE OUTPUT "${file}" @ONLY CONTENT [==[{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "twintls-@PROJECT_VERSION@",
  "documentNamespace": "https://spdx.org/spdxdocs/twintls-@PROJECT_VERSION@-@content@",
  "creationInfo": { "created": "@created@", "creators": [ "Tool: twintls-@PROJECT_VERSION@" ] },
  "packages": [
@packages@
  ],
  "relationships": [
@relations@
  ]
}
]==])
endfunction()
