#!/bin/sh
# Makes the two subset faces from the DejaVu 2.37 release. Usage: subset.sh FOLDER_WITH_DEJAVU_TTF
# Needs fontTools (4.68.0 was used). Run in this folder.
set -eu
CHARACTERS='U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6,U+02DA,U+02DC,U+0391-03A9,U+03B1-03C9,U+0400-045F,U+0492,U+0493,U+049A,U+049B,U+04A2,U+04A3,U+04AE-04B1,U+04BA,U+04BB,U+04D8,U+04D9,U+04E8,U+04E9,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032,U+2033,U+2039,U+203A,U+2070,U+2074-2079,U+207A,U+207B,U+2080-2089,U+20AC,U+2116,U+2122,U+2190-2195,U+21D2,U+2202,U+2206,U+2208,U+220F,U+2211,U+2212,U+221A,U+221E,U+222B,U+2248,U+2260,U+2264,U+2265,U+22C5,U+25A0,U+25A1,U+25B2,U+25B3,U+25BC,U+25BD,U+25C6,U+25C7,U+25CB,U+25CF,U+2713,U+2717,U+FFFD'
for face in DejaVuSans DejaVuSans-Bold; do
    pyftsubset "$1/$face.ttf" --unicodes="$CHARACTERS" --layout-features='' --no-hinting \
        --notdef-outline --name-IDs='*' --drop-tables+=FFTM,MATH,kern,GPOS,GSUB,GDEF \
        --output-file="$face-subset.ttf"
done
