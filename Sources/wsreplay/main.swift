print("wsreplay")
