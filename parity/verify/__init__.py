"""Is an image that was built what its sources say now?"""
