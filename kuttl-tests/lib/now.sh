#!/usr/bin/env bash
# Prints the moment as the API server writes times into its audit log.
date -u +%Y-%m-%dT%H:%M:%S.%6NZ
